"""Views of empty results and of differences."""

from collections.abc import Callable

import pytest

from dashboards.answers.consent import Decision
from dashboards.terminal.reports import consent_table
from sinks.clickhouse.client import Client
from tests.dashboards.conftest import Place
from tests.dashboards.terminal.drawing import Asked, ask_audit, ask_quarantine, ask_top, shown


@pytest.mark.parametrize("ask", [ask_top, ask_quarantine, ask_audit])
def test_empty_results_have_a_view(place: Place, ask: Callable[[Client], Asked]) -> None:
    assert shown(ask(place.reader)[0]).strip()


def test_differences_are_shown(place: Place) -> None:
    place.writer.command("INSERT INTO profiles (tenant, identifier, touches) VALUES ('main', 'email:a@example.org', 3)")
    text = shown(ask_audit(place.reader)[0])
    assert "differences found" in text
    assert "email:a@example.org" in text
    assert "but not in identities" in text


def test_decisions_about_consent_are_shown() -> None:
    text = shown(consent_table([Decision("marketing", "", "withdrawn", 0), Decision("surveys", "sms", "given", 0)]))
    assert [words in text for words in ("any way", "withdrawn", "sms", "given")] == [True] * 4
    assert "No decision" in shown(consent_table([]))
