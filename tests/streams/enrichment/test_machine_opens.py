"""Opens and clicks of mails that no person made."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.columns import EVENT_HEAD
from schemas.flags import Flag
from schemas.rejected import Rejected
from schemas.touch import Touch
from streams.enrichment.machine_opens import PREFETCHERS, has_machine_flag, is_prefetcher
from streams.intake.decoder import decode
from tests.schemas.column_types import read_row
from tests.schemas.touches import as_bytes, changed
from tests.streams.intake.reading import CONFIG, raw_record
from tests.tables import table

GMAIL = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 "
    "Safari/537.36 Edge/12.246 Mozilla/5.0"
)
PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"

BY_MACHINE: list[dict[str, Any]] = [
    {"sg_machine_open": True},
    {"sg_machine_open": "true"},
    {"machine_open": True},
    {"machine_open": 1},
    {"machineOpen": "True"},
    {"Machine Open": True},
    {"Apple Privacy Open": True},
    {"apple_privacy_open": "1"},
    {"Bot Click": True},
    {"is_suspected_bot_click": True},
    {"machine_click": "yes"},
    {"prefetched": True},
    {"is_bot": "true"},
    {"client-info": {"client-type": "unknown", "bot": "apple"}},
    {"client_info": {"bot": "gmail"}},
    {"client-info.bot": "generic"},
    {"user_agent_parsed": {"is_proxy": True, "is_prefetched": True}},
    {"event": "proxy_open"},
    {"event": "unique_proxy_open"},
    {"event": "loadedByProxy"},
    {"plan": "pro", "traits": {"name": "Ada"}, "sg_machine_open": True},
]

BY_PERSON: list[dict[str, Any]] = [
    {},
    {"sg_machine_open": False},
    {"sg_machine_open": "false"},
    {"sg_machine_open": None},
    {"sg_machine_open": ""},
    {"sg_machine_open": [True]},
    {"machine_open": 0},
    {"Apple Privacy Open": False},
    {"prefetched": False, "proxied": True},  # Gmail's proxy fetches when the reader opens
    {"client-info": {"client-type": "browser", "bot": ""}},
    {"client-info": {"client-type": "mobile browser"}},
    {"client-info": "apple"},
    {"bot": "apple"},
    {"user_agent_parsed": {"is_proxy": True, "is_prefetched": False}},
    {"event": "opened"},
    {"event": True},
    {"nested": {"sg_machine_open": True}},
]


@table("properties", BY_MACHINE)
def test_machine_flags_of_providers(properties: dict[str, Any]) -> None:
    assert has_machine_flag(properties)


@pytest.mark.parametrize("properties", BY_PERSON)
def test_a_provider_does_not_say_so(properties: dict[str, Any]) -> None:
    assert not has_machine_flag(properties)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_names = st.sampled_from(["sg_machine_open", "client-info", "client-info.bot", "event", "user_agent_parsed", "x"])


@given(st.dictionaries(_names, _json))
def test_any_properties_give_an_answer(properties: dict[str, Any]) -> None:
    assert has_machine_flag(properties) in (True, False)


@pytest.mark.parametrize("agent", [*sorted(PREFETCHERS), " Mozilla/5.0 ", GMAIL])
def test_agents_that_fetch_before_the_reader(agent: str) -> None:
    assert is_prefetcher(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "-",
        "Mozilla/5.0 (iPhone)",
        "Mozilla/5.01",
        "mozilla",
        PROXY,
        GMAIL.removesuffix(" Mozilla/5.0"),
        "Thunderbird",
    ],
)
def test_agents_of_readers(agent: str) -> None:
    assert not is_prefetcher(agent)


def touch_of(channel: str, **changes: Any) -> tuple[Touch, dict[str, Any]]:
    """(a good message's touch with some fields changed, its row by column)."""
    touch = decode(raw_record(channel, as_bytes(changed(channel, **changes))), CONFIG)
    assert not isinstance(touch, Rejected)
    return touch, read_row(touch.head, EVENT_HEAD)


MACHINES: list[dict[str, Any]] = [
    {"user_agent": "Mozilla/5.0"},
    {"user_agent": GMAIL},
    {"user_agent": PROXY, "properties": {"sg_machine_open": True}},
    {"properties": {"Apple Privacy Open": True}},
    {"sg_machine_open": True},  # a field that no schema names
    {"client-info": {"bot": "apple"}},
]


@pytest.mark.parametrize("made", MACHINES)
@pytest.mark.parametrize(("type_", "flag"), [("opened", Flag.MACHINE_OPEN), ("clicked", Flag.MACHINE_CLICK)])
def test_machine_opens_and_clicks_are_flagged_and_score_nothing(type_: str, flag: Flag, made: dict[str, Any]) -> None:
    touch, row = touch_of("emails", type=type_, message_id="<1@a.example>", **made)
    assert (touch.bot, touch.weight, row["bot"], row["device"]) == (True, 0.0, True, "bot")
    assert flag in row["flags"]
    assert touch.rule == f"mail_{type_}"  # the rule it would have had


@pytest.mark.parametrize("made", [{"user_agent": PROXY}, {"properties": {"sg_machine_open": False}}, {}])
def test_what_a_person_did_scores(made: dict[str, Any]) -> None:
    touch, row = touch_of("emails", type="opened", message_id="<1@a.example>", **made)
    assert (touch.bot, touch.weight) == (False, 5.0)
    assert Flag.MACHINE_OPEN not in row["flags"]


@pytest.mark.parametrize("type_", ["sent", "delivered", "bounced", "received", "replied"])
def test_other_things_that_happen_to_a_mail_are_not_asked(type_: str) -> None:
    touch, row = touch_of("emails", type=type_, user_agent="Mozilla/5.0", properties={"sg_machine_open": True})
    assert not touch.bot
    assert row["flags"] == touch_of("emails", type=type_)[1]["flags"]


def test_a_visit_by_a_bare_agent_stays_undecided() -> None:
    touch, row = touch_of("visits", user_agent="Mozilla/5.0")
    assert (touch.bot, row["device"]) == (False, "other")
