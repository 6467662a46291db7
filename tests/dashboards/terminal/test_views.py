"""Views in 100 columns and JSON, without control characters."""

from collections.abc import Callable

import msgspec
import pytest

from dashboards.answers.explain import explain
from dashboards.answers.identities import Member, members
from dashboards.answers.profile import profile
from dashboards.answers.timeline import timeline
from dashboards.terminal import views
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS
from tests.dashboards.terminal.drawing import (
    MAIN,
    Asked,
    ask_audit,
    ask_quarantine,
    ask_top,
    shown,
)


def ask_profile(client: Client) -> Asked:
    found = profile(client, MAIN, "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert found is not None
    return views.profile_panel(found), found


def ask_identity(client: Client) -> Asked:
    found = members(client, MAIN, "customer_id:c1")
    return views.identity_table("customer_id:c1", found), found


def ask_timeline(client: Client) -> Asked:
    found = timeline(client, MAIN, "customer_id:c1", limit=200)
    return views.timeline_table(found), found


def ask_explain(client: Client) -> Asked:
    found = explain(client, MAIN, "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    return views.explain_panel(found), found


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (ask_profile, ["customer_id:c1", "Person ", "first from", "visits", "shop.example/p/", "claim"]),
        (ask_identity, ["belongs to", "anonymous_id:v1-0", "2026-"]),
        (ask_timeline, ["clicked", "https://shop.example", "beyond_window", "-30.0"]),
        (ask_top, ["last seen", "customer_id:", "Person"]),
        (ask_explain, ["sum of its touches", "unsubscribed", "bot", "over the daily cap", "more"]),
        (ask_audit, ["no differences", "drift", "profiles"]),
        (ask_quarantine, ["not_utf8", "open", "calls/"]),
    ],
)
def test_views_fit_in_100_columns(lived: Client, ask: Callable[[Client], Asked], words: list[str]) -> None:
    drawn, value = ask(lived)
    text = shown(drawn)
    assert max(map(len, text.splitlines())) <= views.COLUMNS
    for word in words:
        assert word in text
    printed = msgspec.json.decode(shown(drawn, value, as_json=True))
    assert printed == msgspec.json.decode(msgspec.json.encode(value))


def test_received_text_is_shown_without_markup() -> None:
    evil = "[red]x[/red]\x1b[2J\x07\u202e"
    text = shown(views.identity_table(evil, [Member(evil, evil, 0, "claim", (evil,))]))
    assert "[red]x[/red]·[2J··" in text
    assert "\x1b" not in text
