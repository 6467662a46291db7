"""Replayed records keep their first coordinates; impossible arrival times and large originals are limited."""

from typing import Any

import pytest

from schemas.columns import EVENT_HEAD
from schemas.time import LATEST_MS
from streams.quarantine import KEPT_BYTES, ORIGIN
from tests.schemas.column_types import fits, read_row
from tests.streams.intake.staging import GOOD, Consumed, run, run_values


async def test_a_replayed_record_keeps_its_coordinates() -> None:
    good, bad = ((ORIGIN, b"t.calls/2/17"),), ((ORIGIN, b"t.calls/1/4"),)
    away = await run("calls", Consumed(99, GOOD, good), Consumed(100, b"", bad))
    (touch,) = away.activity()
    assert (touch.event_id, touch.raw) == ("t.calls/2/17", "t.calls/2/17")
    row = read_row(touch.head, EVENT_HEAD)
    assert (row["raw_topic"], row["raw_partition"], row["raw_offset"]) == ("t.calls", 2, 17)
    ((_, headers),) = away.quarantine()
    assert (headers["raw_topic"], headers["raw_partition"], headers["raw_offset"]) == ("t.calls", "1", "4")


NO_ORIGINS: list[Any] = [
    b"",
    b"nonsense",
    b"t.calls/x/17",
    b"t.calls/2/",
    b"t.calls/-2/17",
    b"t.calls/65536/17",
    b"t.calls/2/9999999999999999999",
    b"t.calls/2/17\n",
    b"/2/17",
    b"a b/2/17",
    "t.calls/٢/17".encode(),
    b"\xff/2/17",
    None,
]


@pytest.mark.parametrize("origin", NO_ORIGINS)
async def test_an_invalid_origin_is_ignored(origin: bytes) -> None:
    away = await run("calls", Consumed(99, GOOD, ((ORIGIN, origin), ("other", b"x"))))
    assert [touch.raw for touch in away.activity()] == ["t.calls/3/99"]


@pytest.mark.parametrize(("timestamp", "received_at_ms"), [(-1, 0), (0, 0), (2**62, LATEST_MS)])
async def test_an_impossible_arrival_time_is_clamped(timestamp: int, received_at_ms: int) -> None:
    """A topic that was created without broker time has the producer's."""
    away = await run("calls", Consumed(0, GOOD, timestamp=timestamp), Consumed(1, b"", timestamp=timestamp))
    (touch,) = away.activity()
    row = read_row(touch.head, EVENT_HEAD)
    assert [column for column in EVENT_HEAD if not fits(column.type, row[column.name])] == []
    assert touch.received_at_ms == received_at_ms
    assert away.quarantine()[0][1]["received_at_ms"] == str(received_at_ms)


@pytest.mark.parametrize("more", [0, 1])
async def test_a_large_original_is_truncated_with_a_note(more: int) -> None:
    monster = b"x" * (KEPT_BYTES + more)
    ((original, headers),) = (await run_values("calls", monster)).quarantine()
    assert original == monster[:KEPT_BYTES]
    assert (f"of {len(monster)} bytes are kept" in headers["detail"]) is bool(more)
