"""The fast check of a touch decides as the check by the contract's models does, and both give the same touch."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from schemas.rejected import Reason
from sources.collector.config import TOUCH_BYTES
from sources.collector.keys.redaction import may_contain_key
from sources.collector.origin import origin_of
from sources.collector.request import Request
from sources.collector.touch_check import Checked, Refused, TouchCheck
from tests.scale import scaled
from tests.schemas.touches import FULL, LEAST, as_bytes
from tests.sources.collector.running import ENTRY, KEY
from tests.streams.intake.bad_messages import BAD, Bad
from tests.streams.intake.fast_reading import likely
from tests.streams.intake.reading import damages, mutations
from touchline.collector.contract_check import contract_check
from touchline.settings import read_settings

REQUEST = Request("POST", "/v1/touches", b"", {}, b"", "198.51.100.7", 1_700_000_000_000)
ORIGIN = origin_of(ENTRY, REQUEST)
CONTRACT = contract_check(read_settings(phone_region="DE"))
CHANGED = ("tenant", "source")  # by the key
TOUCHES = [(channel, touch) for by_channel in (LEAST, FULL) for channel, touch in by_channel.items()]


def check(raw: bytes, channel: str | None, with_keys: bool = False) -> Checked | Refused:
    return TouchCheck(CONTRACT, ENTRY, ORIGIN, KEY, b"content").check(raw, channel, 3, with_keys)


def both(touch: dict[str, Any], channel: str) -> tuple[Checked | Refused, Checked | Refused]:
    """Return the results with and without the fast check, which a body with write keys never takes."""
    raw = json.dumps(touch).encode()
    return check(raw, channel), check(raw, channel, with_keys=True)


@pytest.mark.parametrize(("channel", "touch"), TOUCHES)
def test_both_checks_give_the_same_touch(channel: str, touch: dict[str, Any]) -> None:
    fast, slow = both(touch, channel)
    assert isinstance(fast, Checked)
    assert isinstance(slow, Checked)
    assert json.loads(fast.value) == json.loads(slow.value)
    assert (fast.channel, slow.channel) == (channel, channel)


def test_all_channels_have_touches_here() -> None:
    assert {channel for channel, _ in TOUCHES} == set(CHANNELS)


COMMON: dict[str, Any] = {"tenant": "other", "source": "s", "phone": "+49 30 901820", "ids": {"crm": "C-1", "erp": 7}}


@pytest.mark.parametrize("channel", list(CHANNELS))
@pytest.mark.parametrize("more", [{}, COMMON])
def test_the_common_form_is_extended_as_bytes(channel: str, more: dict[str, Any]) -> None:
    raw = json.dumps(LEAST[channel] | more).encode()
    checked = check(raw, channel)
    assert isinstance(checked, Checked)
    assert checked.value.startswith(raw[:-1] + b",")


@pytest.mark.parametrize(
    "text",
    [
        '{"channel": "calls", REST}',
        '{ "channel":"calls" ,REST}',
        '{REST, "channel": "calls"}',
        '{REST,"channel":"calls" }',
        '{"channel": "calls", REST, "channel": "visits"}',
        '{"channel": "unknown", REST}',
        '{"channel": null, REST}',
        '{"channel": "calls"}',
        '{"channel": "calls", REST,}',
        '{, REST, "channel": "calls"}',
        '{REST, "properties": {"channel": "calls"}}',
        '{REST, "properties": {"a": [{"b": ",", "channel": "calls"}]}}',
        '{REST, "properties": {"a": ", \\"channel\\": \\"calls\\""}}',
        '{REST, "source": "a,"channel":"calls"}',
        '{REST, "source": "a, "channel":"calls"}',
        '{REST, "properties": {"a": 1, "channel": "calls"}',
    ],
)
def test_a_channel_among_the_members_is_read_alike(text: str) -> None:
    agree(text.replace("REST", json.dumps(LEAST["calls"])[1:-1]).encode(), None)


@pytest.mark.parametrize("last", [False, True])
def test_a_channel_at_an_end_is_cut_out(last: bool) -> None:
    named = {"channel": "calls"}
    raw = json.dumps(LEAST["calls"] | named if last else named | LEAST["calls"]).encode()
    rest = raw.replace(b', "channel": "calls"' if last else b'"channel": "calls",', b"")
    checked = check(raw, None)
    assert isinstance(checked, Checked)
    assert checked.value.startswith(rest[:-1] + b",")


BAD_HERE = [
    bad
    for bad in BAD
    if bad.value is not None and len(bad.value) <= TOUCH_BYTES and "tenant" not in bad.name and bad.value.strip()
]


@pytest.mark.parametrize("bad", BAD_HERE, ids=lambda bad: bad.name)
def test_what_intake_refuses_is_rejected_for_the_same_reason(bad: Bad) -> None:
    assert bad.value is not None
    for with_keys in (False, True):
        refused = check(bad.value, bad.channel, with_keys)
        assert isinstance(refused, Refused)
        assert (refused.reason, refused.channel) == (bad.reason, bad.channel)


UNUSUAL: list[tuple[str, dict[str, Any]]] = [
    ("calls", {"customer_id": "null", "phone": "12"}),
    ("calls", {"customer_id": "", "email": "ada@"}),
    ("calls", {"customer_id": "C-1", "phone": "12"}),
    ("calls", {"customer_id": "null", "phone": "+999123456789"}),
    ("calls", {"customer_id": "null", "phone": "+49 (0) 30 901820"}),
    ("calls", {"customer_id": "null", "phone": "+()-    "}),
    ("calls", {"customer_id": "null", "phone": "+4930111111111111111"}),
    ("calls", {"customer_id": None, "ids": {"email": "ada@"}}),
    ("calls", {"customer_id": None, "ids": {"phone": "12"}}),
    ("calls", {"customer_id": None, "ids": {"crm": "\u200b" * 201}}),
    ("calls", {"customer_id": None, "ids": {"crm": "\u0958" * 200}}),
    ("calls", {"customer_id": None, "ids": {"crm": ""}}),
    ("calls", {"customer_id": None, "ids": {"crm": "a\n"}}),
    ("calls", {"customer_id": None, "ids": {"Crm": "a"}}),
    ("calls", {"customer_id": None, "ids": {"crm\n": "a"}}),
    ("calls", {"tenant": "Not A Name", "source": "x" * 300}),
    ("calls", {"email": f"{'a' * 99}!"}),
    ("calls", {"email": "a@-b.example.org"}),
    ("calls", {"email": "a@xn--zzzzzz.example"}),
    ("calls", {"email": ".a@example.org"}),
    ("calls", {"email": f"{'a' * 90}@example.org"}),
    ("visits", {"url": f"https://{'a' * 300}.example/"}),
    ("visits", {"url": f"https://{'.'.join(['a' * 50] * 6)}/"}),
    ("visits", {"url": "https://a.example:99999/"}),
    ("visits", {"url": "https://a.example/@b:c@d"}),
    ("visits", {"url": "https://a..example/"}),
    ("visits", {"type": "custom", "url": ""}),
    ("visits", {"event_id": 0}),
    ("visits", {"event_id": False}),
    ("orders", {"order_id": 0}),
    ("visits", {"occurred_at": 1_769_860_800_000.75}),
    ("visits", {"occurred_at": "2026-02-30T00:00:00Z"}),
]


@pytest.mark.parametrize(("channel", "fields"), UNUSUAL)
def test_unusual_values_are_decided_as_at_intake(channel: str, fields: dict[str, Any]) -> None:
    agree(as_bytes(LEAST[channel] | fields), channel)


def test_a_large_touch_is_rejected_unread() -> None:
    refused = check(b"{" * (TOUCH_BYTES + 1), "calls")
    assert isinstance(refused, Refused)
    assert refused.reason == Reason.TOO_LARGE


def agree(raw: bytes, channel: str | None) -> None:
    """Check that both ways decide in the same way, and as intake does about what is sent on.

    As in the endpoint, a touch that may contain a write key never takes the fast way.
    """
    fast, slow = check(raw, channel, may_contain_key(raw, KEY)), check(raw, channel, with_keys=True)
    assert type(fast) is type(slow), (fast, slow)
    if isinstance(fast, Checked) and isinstance(slow, Checked):
        assert json.loads(fast.value) == json.loads(slow.value)
        assert fast.channel == slow.channel
        assert CONTRACT(fast.channel, fast.value) is None


@given(st.data(), st.sampled_from(list(CHANNELS)))
@settings(max_examples=scaled(300), deadline=None)
def test_likely_touches(data: st.DataObject, channel: str) -> None:
    agree(as_bytes(data.draw(likely(channel))), channel)


@given(st.data(), st.sampled_from(list(CHANNELS)))
@settings(max_examples=scaled(200), deadline=None)
def test_any_value_in_any_field(data: st.DataObject, channel: str) -> None:
    agree(as_bytes(data.draw(mutations(channel))), channel)


@given(st.data(), st.sampled_from(list(CHANNELS)), st.booleans())
@settings(max_examples=scaled(200), deadline=None)
def test_touches_that_name_their_channel(data: st.DataObject, channel: str, last: bool) -> None:
    touch = data.draw(mutations(channel))
    if isinstance(touch, dict):
        named = {"channel": channel}
        agree(as_bytes(touch | named if last else named | touch), None)


@given(st.data(), st.sampled_from(list(CHANNELS)))
@settings(max_examples=scaled(200), deadline=None)
def test_damaged_touches(data: st.DataObject, channel: str) -> None:
    agree(data.draw(damages(channel)).strip(), channel)
