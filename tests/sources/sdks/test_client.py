"""Clients: whose connection it is, and when their clock is wrong."""

import pytest

from sources.sdks.client import wrong_clock
from tests.sources.sdks.payloads import BROWSER, NOW_MS, SERVER


@pytest.mark.parametrize("library", ["analytics.js", "RudderLabs JavaScript SDK", "snowplow-js", "web"])
def test_a_browsers_connection_is_the_visitors(library: str) -> None:
    assert SERVER.is_visitor(library)


def test_a_servers_connection_is_not_the_visitors() -> None:
    assert not SERVER.is_visitor("analytics-python")
    assert not SERVER.is_visitor("")
    assert BROWSER.is_visitor("")  # a request with an Origin comes from a page


@pytest.mark.parametrize(
    ("sent_at", "library", "field"),
    [
        (NOW_MS - 5_000, "analytics-python", {}),
        (NOW_MS + 5_000, "analytics-python", {}),
        (NOW_MS - 5_001, "analytics-python", {"sent_at": NOW_MS - 5_001}),
        (NOW_MS + 3_600_000, "analytics-python", {"sent_at": NOW_MS + 3_600_000}),
        ("2026-12-01T03:00:00.000Z", "", {"sent_at": 1_796_094_000_000}),
        (NOW_MS - 60_000, "analytics-node", {}),  # RudderStack's retries repeat it
        ("yesterday", "", {}),
        ("2026-12-01T03:00:00", "", {}),  # no zone
        (None, "", {}),
        ("", "", {}),
        ({}, "", {}),
    ],
)
def test_sent_at_is_a_field_only_if_it_shows_a_wrong_clock(
    sent_at: object, library: str, field: dict[str, object]
) -> None:
    assert wrong_clock(sent_at, library, SERVER) == field
