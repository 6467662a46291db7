"""One record in, one message out: a bad one neither delays nor condemns its neighbours, and nothing is dropped."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrival import RECEIVED_AT
from schemas.channels import CHANNELS
from schemas.rejected import DETAIL_CHARS, Reason
from streams.intake import stage
from streams.intake.fast_path import FastPath
from streams.intake.stage import Intake
from streams.quarantine import ORIGIN
from streams.records import Message, RecordBatch, partition_of
from tests.scale import scaled
from tests.schemas.touches import FULL, LEAST, as_bytes, changed
from tests.streams.intake.bad_messages import BAD
from tests.streams.intake.fast_reading import likely
from tests.streams.intake.reading import CONFIG, RECEIVED_MS, channels, damages, full_id, json_values, mutations
from tests.streams.intake.staging import GOOD, TOPICS, Away, Consumed, run, run_values

REFERENCE_ONLY = as_bytes(LEAST["calls"] | {"customer_id": "C-1", "no schema": "names it"})  # for the reference path


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_good_record_converts_a_touch(channel: str) -> None:
    away = await run_values(channel, as_bytes(FULL[channel]))
    (touch,) = away.activity()
    assert (touch.event_id, touch.channel, touch.raw) == (full_id(channel), channel, f"t.{channel}/3/0")
    assert len(away.messages) == 1
    assert away.counts == {(channel, "accepted"): 1, (channel, "rejected"): 0, ("batch", "intake"): 1}


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
async def test_bad_record_does_not_affect_its_neighbours(bad: Any) -> None:
    good = as_bytes(LEAST[bad.channel])
    away = await run_values(bad.channel, good, bad.value, good)
    assert sorted(touch.raw for touch in away.activity()) == [f"t.{bad.channel}/3/0", f"t.{bad.channel}/3/2"]
    ((original, body),) = away.quarantine()
    assert original == bad.value
    assert body.pop("detail").startswith(bad.detail)
    assert body == {
        "reason": bad.reason.value,
        "raw_topic": f"t.{bad.channel}",
        "raw_partition": "3",
        "raw_offset": "1",
        "received_at_ms": str(RECEIVED_MS),
    }
    assert away.counts[bad.channel, "rejected", bad.reason.value] == 1
    assert (away.counts[bad.channel, "accepted"], away.counts[bad.channel, "rejected"]) == (2, 1)


@pytest.mark.parametrize("where", ["decode", "encode_record"])
async def test_defect_costs_one_record_and_is_logged_once(
    where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = getattr(stage, where)

    def sometimes_wrong(given: Any, *others: Any) -> Any:
        if getattr(given, "offset", None) in (1, 2) or getattr(given, "raw", "").endswith(("/1", "/2")):
            raise KeyError("unforeseen")
        return real(given, *others)

    monkeypatch.setattr(stage, where, sometimes_wrong)
    away = await run_values("calls", *[REFERENCE_ONLY] * 4)
    assert sorted(touch.raw for touch in away.activity()) == ["t.calls/3/0", "t.calls/3/3"]
    assert [original for original, _ in away.quarantine()] == [REFERENCE_ONLY, REFERENCE_ONLY]
    assert {(body["reason"], body["detail"]) for _, body in away.quarantine()} == {("fault", "KeyError: 'unforeseen'")}
    assert away.counts["calls", "rejected", "fault"] == 2
    logged = [record.getMessage()[:40] for record in caplog.records if record.name == stage.log.name]
    assert logged == ["Intake failed on 2 records of t.calls/3 "]


async def test_defect_on_the_fast_path_costs_only_time(monkeypatch: pytest.MonkeyPatch) -> None:
    right = await run_values("calls", GOOD, b"", GOOD)

    def wrong(*given: Any) -> Any:
        raise KeyError("unforeseen")

    monkeypatch.setattr(FastPath, "_convert", wrong)
    assert (await run_values("calls", GOOD, b"", GOOD)).sent == right.sent


@pytest.mark.parametrize(("where", "name", "value"), [(stage, "decode", REFERENCE_ONLY), (FastPath, "_convert", GOOD)])
async def test_a_machine_without_memory_is_no_fault_of_a_record(
    where: Any, name: str, value: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(where, name, full)
    with pytest.raises(MemoryError):
        await run_values("calls", value)


async def test_everything_is_sent_at_once_before_the_batch_is_done() -> None:
    away = await run_values("calls", GOOD, b"", GOOD)
    assert len(away.sent) == 1


async def test_a_batch_that_could_not_be_sent_is_not_done() -> None:
    class BrokerAwayError(Exception):
        pass

    async def refuse(messages: Mapping[tuple[str, int], Sequence[Message]]) -> None:
        raise BrokerAwayError

    away = Away()
    with pytest.raises(BrokerAwayError):
        await Intake(TOPICS, CONFIG, refuse, away).process(RecordBatch("t.calls", 0, [Consumed(0, GOOD)]))
    assert not away.counts


async def test_one_persons_touches_stay_in_order() -> None:
    away = await run_values("calls", *[as_bytes(changed("calls", customer_id="C-1", event_id=n)) for n in range(20)])
    assert [touch.event_id for touch in away.activity()] == [str(n) for n in range(20)]


def test_partitions_are_those_of_crc_32() -> None:
    """A change of this would move every identifier away from its state. 0xCBF43926 is the algorithm's check value."""
    assert [partition_of(b"123456789", partitions) for partitions in (1, 8, 1_000)] == [0, 6, 0xCBF43926 % 1_000]


@st.composite
def mixtures(draw: st.DrawFn, channel: str) -> list[Consumed]:
    """Records of every kind, with any headers."""
    values: st.SearchStrategy[bytes | None] = (
        st.just(as_bytes(LEAST[channel]))
        | st.just(as_bytes(FULL[channel]))
        | st.none()
        | st.binary(max_size=60)
        | json_values.map(msgspec.json.encode)
        | mutations(channel).map(as_bytes)
        | damages(channel)
        | st.sampled_from([bad.value for bad in BAD if bad.channel == channel and len(bad.value or b"") < 10_000])
    )
    origins = st.binary(max_size=20) | st.just(f"t.{channel}/1/2".encode())
    headers = st.lists(st.tuples(st.just(ORIGIN) | st.text(max_size=5), origins), max_size=2).map(tuple)
    records = st.builds(Consumed, st.just(0), values, headers, st.integers(-1, 2**63 - 1))
    found = draw(st.lists(records, min_size=1, max_size=6))
    return [replace(record, offset=offset) for offset, record in enumerate(found)]


@given(st.data(), channels)
@settings(deadline=None)
async def test_any_mixture_gives_one_message_per_record(data: st.DataObject, channel: str) -> None:
    records = data.draw(mixtures(channel))
    away = await run(channel, *records)
    assert (await run(channel, *records)).sent == away.sent
    assert len(away.messages) == len(records)

    alone = [await run(channel, record) for record in records]
    assert Counter(map(repr, away.messages)) == Counter(repr(one) for each in alone for one in each.messages)

    refused = [record.value for record, each in zip(records, alone, strict=True) if each.quarantine()]
    assert [original for original, _ in away.quarantine()] == refused
    for _, body in away.quarantine():
        assert Reason(body["reason"]) not in (Reason.FAULT, Reason.UNREADABLE, Reason.REFUSED_BY_STORE)
        assert 0 < len(body["detail"]) <= DETAIL_CHARS
    assert len(away.activity()) == len(records) - len(refused)
    assert away.counts[channel, "accepted"] + away.counts[channel, "rejected"] == len(records)
    assert away.counts[channel, "rejected"] == len(refused)


HOUR_MS = 3_600_000


def spooled(offset: int, value: bytes, arrival_ms: int, *headers: tuple[str, bytes]) -> Consumed:
    """A record that reaches the broker three hours after it arrived at the collector."""
    stated = (RECEIVED_AT, str(arrival_ms).encode())
    return Consumed(offset, value, (*headers, stated), timestamp=arrival_ms + 3 * HOUR_MS)


@given(st.data(), channels, st.integers(RECEIVED_MS - HOUR_MS, RECEIVED_MS + HOUR_MS))
@settings(max_examples=scaled(150), deadline=None)
def test_touch_that_waited_in_a_spool_is_that_of_one_sent_at_once(
    data: st.DataObject, channel: str, arrival_ms: int
) -> None:
    """Times, flags and row are the same, and so is a refusal; also of a replayed record, which has a flag more."""
    value = as_bytes(data.draw(likely(channel) | mutations(channel)))
    at_once = asyncio.run(run(channel, Consumed(7, value, timestamp=arrival_ms)))
    assert asyncio.run(run(channel, spooled(7, value, arrival_ms))).messages == at_once.messages
    origin = ORIGIN, f"t.{channel}/3/7".encode()
    at_once = asyncio.run(run(channel, Consumed(7, value, (origin,), timestamp=arrival_ms)))
    assert asyncio.run(run(channel, spooled(7, value, arrival_ms, origin))).messages == at_once.messages


@pytest.mark.parametrize("value", [b"nonsense", b"", str(RECEIVED_MS + 1).encode(), b"17"])
async def test_arrival_that_is_no_time_or_in_the_future_is_ignored(value: bytes) -> None:
    away = await run("calls", Consumed(0, GOOD, ((RECEIVED_AT, value),)), Consumed(1, GOOD))
    stated, plain = away.activity()
    assert (stated.received_at_ms, stated.occurred_at_ms) == (plain.received_at_ms, plain.occurred_at_ms)


async def test_record_with_a_header_takes_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "decode", None)
    away = await run("calls", spooled(0, GOOD, RECEIVED_MS), Consumed(1, GOOD, (("traceparent", b"00-1"),)))
    assert [touch.received_at_ms for touch in away.activity()] == [RECEIVED_MS, RECEIVED_MS]
