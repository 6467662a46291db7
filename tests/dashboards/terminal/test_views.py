"""Answers drawn in 100 columns, and as JSON; what people sent moves no cursor."""

from collections.abc import Callable
from io import StringIO

import msgspec
import pytest
from rich.console import Console, RenderableType

from dashboards.answers.audit import audit
from dashboards.answers.explain import explain
from dashboards.answers.identities import Member, members
from dashboards.answers.profile import profile
from dashboards.answers.quarantine import reasons, refused
from dashboards.answers.scope import Scope
from dashboards.answers.store_status import read_store_status
from dashboards.answers.timeline import timeline
from dashboards.answers.top import top
from dashboards.terminal import views
from sinks.clickhouse.client import Client
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()
Asked = tuple[RenderableType, object]


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


def ask_top(client: Client) -> Asked:
    found = top(client, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    return views.top_table(found), found


def ask_explain(client: Client) -> Asked:
    found = explain(client, MAIN, "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    return views.explain_panel(found), found


def ask_audit(client: Client) -> Asked:
    found = audit(client, MAIN, half_life_ms=HALF_LIFE_MS)
    return views.audit_panel(found), found


def ask_quarantine(client: Client) -> Asked:
    found = refused(client)
    return views.quarantine_table(found), found


def ask_reasons(client: Client) -> Asked:
    found = reasons(client)
    return views.reasons_table(found), found


def ask_store(client: Client) -> Asked:
    found = read_store_status(client)
    return views.store_table(found), found


def shown(drawn: RenderableType, value: object = None, as_json: bool = False) -> str:
    out = StringIO()
    console = Console(file=out, width=views.COLUMNS, highlight=False)
    views.show(drawn, value, as_json, console)
    return out.getvalue()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (ask_profile, ["customer_id:c1", "Person ", "first from", "visits", "shop.example/p/", "claim"]),
        (ask_identity, ["belongs to", "anonymous_id:v1-0", "2026-"]),
        (ask_timeline, ["clicked", "https://shop.example", "beyond_window", "-30.0"]),
        (ask_top, ["last seen", "customer_id:", "Person"]),
        (ask_explain, ["its touches sum to", "unsubscribed", "a bot's", "over the cap of its day", "more"]),
        (ask_audit, ["everything is what its touches say", "drift", "profiles"]),
        (ask_quarantine, ["not_utf8", "open", "calls/"]),
        (ask_reasons, ["not_json", "2"]),
        (ask_store, ["events", "kB", "newest touch arrived 2027-"]),
    ],
)
def test_drawn_in_a_hundred_columns(lived: Client, ask: Callable[[Client], Asked], words: list[str]) -> None:
    drawn, value = ask(lived)
    text = shown(drawn)
    assert max(map(len, text.splitlines())) <= views.COLUMNS
    for word in words:
        assert word in text
    told = msgspec.json.decode(shown(drawn, value, as_json=True))
    assert told == msgspec.json.decode(msgspec.json.encode(value))


@pytest.mark.parametrize("ask", [ask_top, ask_quarantine, ask_reasons, ask_store, ask_audit])
def test_nothing_is_drawn_too(place: Place, ask: Callable[[Client], Asked]) -> None:
    assert shown(ask(place.reader)[0]).strip()


def test_what_is_wrong_is_drawn(place: Place) -> None:
    place.writer.command("INSERT INTO profiles (tenant, identifier, touches) VALUES ('main', 'email:a@example.org', 3)")
    text = shown(ask_audit(place.reader)[0])
    assert "something is wrong" in text
    assert "email:a@example.org" in text
    assert "identities does not" in text


def test_what_people_sent_is_shown_as_it_is() -> None:
    evil = "[red]x[/red]\x1b[2J\x07\u202e"
    text = shown(views.identity_table(evil, [Member(evil, evil, 0, "claim", (evil,))]))
    assert "[red]x[/red]·[2J··" in text
    assert "\x1b" not in text
