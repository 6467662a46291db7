"""The peers accept and refuse the same messages of the generated day as Touchline, and produce complete rows."""

import json
from typing import Any

import msgspec
import pytest

from tests.benchmarks.day import START_MS, generate_day
from tests.benchmarks.peers.contract import Place, Touch, read_touch
from tests.benchmarks.peers.row import COLUMNS, finish_row
from tests.benchmarks.peers.score import HALF_LIFE_MS, LANDMARK_MS, add, points

PLACE = Place("visits", 3, 17, START_MS)
VISIT: dict[str, Any] = {
    "event_id": "e-1",
    "type": "page",
    "occurred_at": START_MS,
    "url": "https://shop.example/a?b=c",
    "anonymous_id": "visitor-1",
}
CALL: dict[str, Any] = {"type": "answered", "occurred_at": START_MS, "direction": "inbound"}


def read(channel: str, touch: dict[str, Any], key: bytes | None = None) -> Touch | None:
    return read_touch(channel, json.dumps(touch).encode(), PLACE, key)


def row_of(touch: Touch, touches: int, score: float) -> dict[str, Any]:
    """Return the columns of a row, decoded as the engine does."""
    header = b"\xdc" + len(COLUMNS).to_bytes(2, "big")
    return dict(zip(COLUMNS, msgspec.msgpack.decode(header + finish_row(touch.row, touches, score)), strict=True))


def test_day_is_accepted_and_refused_by_kind() -> None:
    for number, message in enumerate(generate_day(4_000, seed=5, customers=500)):
        taken = read_touch(message.channel, message.value, Place(message.channel, 0, number, START_MS))
        assert (taken is None) == (message.kind == "invalid"), message


@pytest.mark.parametrize(
    ("channel", "touch"),
    [
        ("visits", VISIT | {"type": None}),
        ("visits", VISIT | {"type": "answered"}),
        ("visits", VISIT | {"url": "shop.example/a"}),
        ("visits", VISIT | {"url": "https://ada:secret@shop.example/"}),
        ("visits", VISIT | {"occurred_at": "2026-09-21T09:30:00"}),
        ("visits", VISIT | {"occurred_at": "yesterday"}),
        ("visits", VISIT | {"occurred_at": True}),
        ("visits", VISIT | {"event_id": True}),
        ("visits", VISIT | {"event_id": "x" * 201}),
        ("visits", VISIT | {"anonymous_id": "a\x00b"}),
        ("visits", VISIT | {"email": "nobody at home"}),
        ("visits", VISIT | {"schema_version": 2}),
        ("visits", VISIT | {"tenant": "Main"}),
        ("visits", VISIT | {"engaged_ms": -1}),
        ("emails", VISIT),
        ("calls", CALL | {"direction": "sideways"}),
        ("calls", CALL | {"phone": "none"}),
        ("calls", CALL | {"duration_s": "long"}),
    ],
)
def test_invalid_touches_are_refused(channel: str, touch: dict[str, Any]) -> None:
    assert read(channel, touch) is None


@pytest.mark.parametrize("value", [None, b"", b"[]", b"\xff", b"{", b'{"a":' * 5_000, b" " * 300_000])
def test_invalid_bytes_are_refused(value: bytes | None) -> None:
    assert read_touch("visits", value, PLACE) is None


@pytest.mark.parametrize(
    ("channel", "touch", "owner"),
    [
        ("visits", VISIT, "main|anonymous_id:visitor-1"),
        ("visits", VISIT | {"email": " Ada@Example.ORG "}, "main|email:ada@example.org"),
        ("visits", VISIT | {"email": "ada@example.org", "customer_id": 7}, "main|customer_id:7"),
        ("visits", VISIT | {"ids": {"crm": "c1"}, "email": "ada@example.org"}, "main|crm:c1"),
        ("visits", VISIT | {"ids": {"master_id": "m1"}, "customer_id": "7"}, "main|master_id:m1"),
        ("visits", VISIT | {"tenant": "b"}, "b|anonymous_id:visitor-1"),
        ("calls", CALL | {"phone": "+49 (30) 901820"}, "main|phone:+4930901820"),
        ("calls", CALL, "visits/3/17"),  # without identifier and event id
    ],
)
def test_owner_is_the_strongest_identifier(channel: str, touch: dict[str, Any], owner: str) -> None:
    taken = read(channel, touch)
    assert taken is not None
    assert taken.owner == owner


def test_owner_is_the_key_on_request() -> None:
    taken = read("visits", VISIT | {"email": "ada@example.org"}, key=b"k-1")
    assert taken is not None
    assert taken.owner == "main|k-1"


@pytest.mark.parametrize(
    ("channel", "touch", "columns"),
    [
        ("visits", VISIT, {"url": "https://shop.example/a?b=c", "anonymous_id": "visitor-1", "event_id": "e-1"}),
        (
            "emails",
            {
                "type": "opened",
                "occurred_at": START_MS,
                "direction": "outbound",
                "email": "a@b.cd",
                "subject": "Hello",
            },
            {"subject": "Hello", "direction": "outbound", "email": "a@b.cd", "url": ""},
        ),
        ("calls", CALL | {"duration_s": 1.5, "queue": "sales"}, {"duration_s": 1.5, "queue": "sales", "link_url": ""}),
    ],
)
def test_row_is_complete(channel: str, touch: dict[str, Any], columns: dict[str, Any]) -> None:
    taken = read(channel, touch)
    assert taken is not None
    row = row_of(taken, 4, -2.5)
    common = {"channel": channel, "type": touch["type"], "occurred_at": START_MS, "raw_offset": 17}
    assert row == row | columns | common | {"touches": 4, "score": -2.5}


def test_mail_without_an_id_is_identified_by_its_fields() -> None:
    mail = {"type": "opened", "occurred_at": 1, "direction": "outbound", "message_id": "<1@b>", "email": "a@b.cd"}
    value = json.dumps(mail).encode()
    first, second = (read_touch("emails", value, Place("emails", 0, offset, 0)) for offset in (1, 2))
    assert first is not None
    assert second is not None
    assert first.event_id == second.event_id


def test_score_halves_with_each_half_life() -> None:
    now, before = points("visits.form", LANDMARK_MS), points("visits.form", LANDMARK_MS - HALF_LIFE_MS)
    assert (now, before) == (50.0, 25.0)
    state, touches, score = add(None, now)
    assert add(state, before)[1:] == (touches + 1, score + before) == (2, 75.0)
