"""The fast path gives the bytes of the reference path or leaves the record to it, and it is taken."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.activity import encode_record
from schemas.channels import CHANNELS
from schemas.rejected import Rejected
from schemas.time import LATEST_MS
from streams.intake.column_cache import IdentifierReader
from streams.intake.decoder import decode
from streams.intake.fast_path import FastPath, place_of
from tests.scale import scaled
from tests.schemas.touches import FULL, LEAST, SAMPLES, as_bytes, changed
from tests.streams.intake.bad_messages import BAD, Bad
from tests.streams.intake.fast_reading import agree, both, likely
from tests.streams.intake.reading import CONFIG, RECEIVED_MS, RETENTION_MS, channels, damages, mutations, raw_record
from tests.tables import table


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("touch", [FULL, LEAST], ids=["full", "least"])
def test_valid_messages_take_the_fast_path(channel: str, touch: Mapping[str, dict[str, Any]]) -> None:
    assert agree(channel, as_bytes(touch[channel]))


COMMON: list[tuple[str, dict[str, Any]]] = [
    *((channel, changes) for channel, samples in SAMPLES.items() for changes in samples.fast),
    ("calls", {"customer_id": 1001, "anonymous_id": 0, "event_id": 4711}),
    ("calls", {"event_id": 0}),
    ("calls", {"event_id": ""}),
    ("calls", {"ids": {"crm": 7, "loyalty": "x", "email": "ada@example.org"}, "email": "b@example.org"}),
    ("calls", {"ids": {}, "properties": {}}),
    ("calls", {"tenant": "shop-2", "source": "pbx", "schema_version": 1}),
    ("calls", {"phone": "030 901820", "email": "unknown", "customer_id": "null", "anonymous_id": "-"}),
    ("calls", {"duration_s": 0, "wait_s": -0.0}),
    ("calls", {"duration_s": 9_007_199_254_740_993, "wait_s": 5e-324}),
    ("calls", {"duration_s": 123_456_789_012_345_678_901_234_567_890}),
    ("calls", {"occurred_at": 1_769_851_800_250, "sent_at": 1_769_851_801_000}),
    ("calls", {"occurred_at": 1_769_851_800_250, "sent_at": 1_769_851_801_000, "revision": 0}),
    ("calls", {"occurred_at": RECEIVED_MS + 300_001, "sent_at": RECEIVED_MS, "revision": 2**53 - 1}),
    ("calls", {"revision": 7}),
    ("calls", {"occurred_at": "2026-01-31T10:30:00.250999+01:00"}),
    ("calls", {"occurred_at": "2026-01-31T09:30:00Z", "sent_at": "2026-01-31T09:30:09.500Z"}),
    ("calls", {"occurred_at": "20260131T093000,5-0130"}),
    ("calls", {"occurred_at": "1990-01-01T00:00:00Z"}),
    ("calls", {"occurred_at": 3_155_759_999_999}),
    ("calls", {"occurred_at": 1_769_851_800_250.0, "sent_at": 1.769851801e12}),
    ("calls", {"occurred_at": 1_769_851_800_250.75}),
    ("calls", {"occurred_at": RECEIVED_MS + 300_000}),
    ("calls", {"occurred_at": RECEIVED_MS + 300_001}),
    ("calls", {"occurred_at": RECEIVED_MS - RETENTION_MS}),
    ("calls", {"occurred_at": RECEIVED_MS - RETENTION_MS - 1}),
    ("calls", {"customer_id": " 42\n", "ids": {"crm": "\t7 ", "loyalty": " x\r\n"}}),
    ("calls", {"phone": "sip:+4930901820@pbx.example.com", "email": "Ada <ada@example.org>"}),
    ("calls", {"phone": "Private", "customer_id": "{{user.id}}", "email": "*|EMAIL|*"}),
    ("calls", {"properties": {"a": 1.0, "b": 2**80, "c": [1, {"d": None}], "e": None, "f": True, "g": "é\x00"}}),
    (
        "calls",
        {"properties": {"traits": {"name": "Ada", "age": 36, "gone": None, "$country": "XX"}}, "phone": "+4930901820"},
    ),
    ("calls", {"properties": {"traits": "none", "bot": True, "rule": "form"}}),
    ("calls", {"queue": None, "email": None, "ids": None, "tenant": None, "source": None, "properties": None}),
    ("emails", {"message_id": "<1@a.example>", "email": "Ada@Example.org"}),
    ("emails", {"message_id": "1@a.example", "email": "info@example.org", "link_url": "HTTPS://A.example/X"}),
    ("emails", {"message_id": "<1@a.example>", "customer_id": " 7 ", "link_url": ""}),
    (
        "emails",
        {
            "message_id": "<1@a.example>",
            "customer_id": 0,
            "type": "clicked",
            "link_url": "https://a.example/?utm_source=X",
        },
    ),
    ("emails", {"message_id": "<1@a.example>", "email": "", "event_id": ""}),
    ("emails", {"message_id": "", "campaign": "spring", "link_url": "https://a.example?utm_campaign=Other"}),
    ("emails", {"type": "opened", "message_id": "é" * 200, "user_agent": "GoogleImageProxy"}),
    ("emails", {"type": "opened", "user_agent": "Mozilla/5.0", "phone": "+4930901820"}),
    (
        "emails",
        {"type": "opened", "event_id": "1", "properties": {"sg_machine_open": True}, "sent_at": "2026-01-31T10:30:00Z"},
    ),
    ("emails", {"type": "clicked", "event_id": "1", "email": "info@a.example", "properties": {"Bot Click": "true"}}),
    ("emails", {"type": "clicked", "event_id": "1", "properties": {"client-info": {"bot": "generic"}}}),
    ("emails", {"type": "sent", "user_agent": "Mozilla/5.0"}),
    ("visits", {"url": "http://EXAMPLE.org:80", "referrer": "https://example.org/x", "user_agent": "curl/8.5.0"}),
    (
        "visits",
        {
            "url": "https://bücher.example/ä?utm_source=Ä&gclid=g#frag",
            "referrer": "android-app://com.google.android.gm",
        },
    ),
    ("visits", {"url": "https://a.example/#utm_source=news&utm_medium=email"}),
    ("visits", {"url": "https://a.example/?utm_source=%20&utm_source=b#/route?utm_medium=email&gad_source=1"}),
    ("visits", {"url": "https://a.example/caf\u00e9/../%7ea", "referrer": "android-app://com.google.android.gm/"}),
    ("emails", {"type": "clicked", "event_id": "1", "link_url": "https://a.example/#!/r?utm_campaign=spring"}),
    ("visits", {"url": "https://a.example/" + "x" * 900 + "?" + "utm_term=" + "y" * 900, "user_agent": "x" * 1_100}),
    ("visits", {"engaged_ms": 41_500, "screen": "", "title": "", "referrer": "-", "user_agent": "-"}),
    ("visits", {"type": "form", "url": "https://a.example/contact"}),
]


@table(("channel", "changes"), COMMON)
def test_common_messages_give_the_bytes_of_the_reference_path(channel: str, changes: dict[str, Any]) -> None:
    assert agree(channel, as_bytes(changed(channel, **changes)))


REFERENCE: list[tuple[str, dict[str, Any]]] = [
    *((channel, changes) for channel, samples in SAMPLES.items() for changes in samples.reference),
    ("calls", {"sent_at": "yesterday"}),
    ("calls", {"occurred_at": RECEIVED_MS, "sent_at": 0}),
    ("calls", {"occurred_at": 90_000, "sent_at": 95_000}),
    ("calls", {"duration_s": "5", "queue": 7}),
    ("calls", {"customer_id": "C-1", "email": "ada"}),
    ("calls", {"customer_id": "C-1", "ids": {"CRM": 7, "crm": None}}),
    ("emails", {"message_id": " <1@a.example>\n", "email": "ada@example.org"}),
    ("emails", {"message_id": " ", "email": "ada@example.org"}),
    ("emails", {"type": "clicked", "message_id": "1", "link_url": "mailto:ada@example.org"}),
    ("visits", {"title": 5, "ip": 7, "user_agent": ["x"], "engaged_ms": "abc"}),
]


@pytest.mark.parametrize(("channel", "changes"), REFERENCE)
def test_other_valid_messages_are_left_to_the_reference_path(channel: str, changes: dict[str, Any]) -> None:
    fast, reference = both(channel, as_bytes(changed(channel, **changes)))
    assert fast is None
    assert reference is not None


@table("bad", BAD)
def test_invalid_messages_are_left_to_the_reference_path(bad: Bad) -> None:
    assert both(bad.channel, bad.value) == (None, None)


@pytest.mark.parametrize(
    "value",
    [
        as_bytes(changed("calls", unknown=1)),
        b'{"type":"missed","type":"answered","occurred_at":1769851800250,"direction":"inbound","tenant":"a","tenant":"b"}',
        b'{"type":null,"type":"missed","occurred_at":1769851800250,"direction":"inbound"}',
        b'{"type":"missed","occurred_at":1769851800250,"direction":"inbound","duration_s":-0}',
        b'{"type":"missed","occurred_at":1769851800250,"direction":"inbound","duration_s":1E2,"wait_s":0.1e1}',
        b'{"\\u0074ype":"missed","occurred_at":1769851800250,"direction":"inbound","queue":"\\ud83d\\ude00"}',
        b'{"type":"missed","occurred_at":1769851800250,"direction":"inbound","properties":{"a":1e400}}',
        b' {"type" : "missed" , "occurred_at":1769851800250,\t"direction":"inbound"}\r\n',
        b'{"type":"missed","occurred_at":1769851800250,"direction":"inbound","properties":{"a":"' + b"[" * 40 + b'"}}',
    ],
)
def test_strange_spellings(value: bytes) -> None:
    agree("calls", value)


@given(st.data(), channels)
@settings(max_examples=scaled(120), deadline=None)
def test_any_value_in_any_field(data: st.DataObject, channel: str) -> None:
    agree(channel, as_bytes(data.draw(mutations(channel))))


@given(st.data(), channels)
@settings(deadline=None)
def test_damaged_messages(data: st.DataObject, channel: str) -> None:
    agree(channel, data.draw(damages(channel)))


@given(st.data(), channels, st.integers(0, LATEST_MS) | st.just(RECEIVED_MS))
@settings(max_examples=scaled(250), deadline=None)
def test_likely_messages(data: st.DataObject, channel: str, received_at_ms: int) -> None:
    agree(channel, as_bytes(data.draw(likely(channel))), CONFIG, received_at_ms)


@pytest.mark.parametrize("size", [CONFIG.largest_bytes, CONFIG.largest_bytes + 1])
def test_the_limit_of_a_message(size: int) -> None:
    empty = as_bytes(changed("calls", properties={"a": ""}))
    value = as_bytes(changed("calls", properties={"a": "x" * (size - len(empty))}))
    assert len(value) == size
    assert agree("calls", value) is (size <= CONFIG.largest_bytes)


@given(st.integers(0, 2**40), st.integers(0, 65_535))
@example(2**40, 65_535)
@settings(deadline=None, max_examples=scaled(20))
def test_any_place(offset: int, partition: int) -> None:
    value = as_bytes(LEAST["calls"])
    path = FastPath("calls", CONFIG, IdentifierReader(CONFIG.order, CONFIG.region))
    touch = decode(replace(raw_record("calls", value, offset), partition=partition, topic="p.calls"), CONFIG)
    assert not isinstance(touch, Rejected)
    fast = path.read(value, offset, RECEIVED_MS, place_of("p.calls", partition))
    assert fast == (touch.event_id.encode(), encode_record(touch))
