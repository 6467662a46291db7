"""One record in, one message out: a bad one neither delays nor condemns its neighbours, and nothing is dropped."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.activity import decode_record
from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.rejected import DETAIL_CHARS, Reason
from schemas.time import LATEST_MS
from schemas.touch import Touch
from streams.intake import stage
from streams.intake.fast_path import PlainPath
from streams.intake.stage import Intake
from streams.quarantine import KEPT_BYTES, ORIGIN
from streams.records import Message, RecordBatch, partition_of
from streams.topics import Topics
from tests.schemas.column_types import fits, read_row
from tests.schemas.touches import FULL, LEAST, as_bytes, changed
from tests.streams.intake.bad_messages import BAD
from tests.streams.intake.reading import READING, RECEIVED_MS, channels, damages, json_values, mutations

TOPICS = Topics(tuple(CHANNELS), prefix="t.", activity_partitions=5)
GOOD = as_bytes(LEAST["calls"] | {"customer_id": "C-1"})
NOT_PLAIN = as_bytes(LEAST["calls"] | {"customer_id": "C-1", "no schema": "names it"})  # good; the contract reads it
Headers = Sequence[tuple[str, bytes]]


@dataclass
class Consumed:
    """A record as a stage gets it."""

    offset: int
    value: bytes | None
    headers: Headers = ()
    timestamp: int = RECEIVED_MS
    key: bytes | None = b"any"


@dataclass
class Away:
    """Everything that left the stage: messages by place, and what it told of its work."""

    sent: list[Mapping[tuple[str, int], Sequence[Message]]] = field(default_factory=list)
    told: Counter[tuple[str, ...]] = field(default_factory=Counter)

    async def send(self, messages: Mapping[tuple[str, int], Sequence[Message]]) -> None:
        self.sent.append({place: list(some) for place, some in messages.items()})

    def touches(self, channel: str, result: str, count: int) -> None:
        self.told[channel, result] += count

    def rejected(self, channel: str, reason: str, count: int) -> None:
        self.told[channel, "rejected", reason] += count

    def batch(self, stage: str, records: int, seconds: float) -> None:
        self.told["batch", stage] += records
        assert seconds >= 0

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        raise AssertionError("intake has no state")

    def other_rules(self, theirs: str) -> None:
        raise AssertionError("intake has only its own rules")

    def other_order(self, count: int) -> None:
        raise AssertionError("intake has only its own order")

    @property
    def messages(self) -> list[tuple[str, int, Message]]:
        """(topic, partition, message) of all that was sent."""
        return [(*place, one) for outbox in self.sent for place, some in outbox.items() for one in some]

    def activity(self) -> list[Touch]:
        """The touches, and where they lie is where their key says."""
        found = []
        for topic, partition, (key, value, _) in self.messages:
            if topic != TOPICS.activity:
                continue
            touch = decode_record(value or b"")
            assert isinstance(touch, Touch)
            assert key == (touch.ids[0] if touch.ids else touch.event_id).encode()
            assert partition == partition_of(key, TOPICS.activity_partitions)
            found.append(touch)
        return found

    def quarantine(self) -> list[tuple[bytes | None, dict[str, str]]]:
        """(original, headers) of the refused."""
        return [
            (value, {name: text.decode() for name, text in headers or ()})
            for topic, partition, (_, value, headers) in self.messages
            if (topic, partition) == (TOPICS.quarantine, 0)
        ]


async def run(channel: str, *records: Consumed) -> Away:
    away = Away()
    await Intake(TOPICS, READING, away.send, away).take(RecordBatch(TOPICS.raw(channel), 3, records))
    return away


async def run_values(channel: str, *values: bytes | None) -> Away:
    return await run(channel, *(Consumed(offset, value) for offset, value in enumerate(values)))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_good_record_becomes_a_touch(channel: str) -> None:
    away = await run_values(channel, as_bytes(FULL[channel]))
    (touch,) = away.activity()
    assert (touch.event_id, touch.channel, touch.raw) == ("e-1", channel, f"t.{channel}/3/0")
    assert len(away.messages) == 1
    assert away.told == {(channel, "accepted"): 1, (channel, "rejected"): 0, ("batch", "intake"): 1}


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
async def test_a_bad_record_stands_alone(bad: Any) -> None:
    good = as_bytes(LEAST[bad.channel])
    away = await run_values(bad.channel, good, bad.value, good)
    assert [touch.event_id for touch in sorted(away.activity(), key=lambda one: one.event_id)] == [
        f"t.{bad.channel}/3/0",
        f"t.{bad.channel}/3/2",
    ]
    ((original, said),) = away.quarantine()
    assert original == bad.value
    assert said.pop("detail").startswith(bad.says)
    assert said == {
        "reason": bad.reason.value,
        "raw_topic": f"t.{bad.channel}",
        "raw_partition": "3",
        "raw_offset": "1",
        "received_at_ms": str(RECEIVED_MS),
    }
    assert away.told[bad.channel, "rejected", bad.reason.value] == 1
    assert (away.told[bad.channel, "accepted"], away.told[bad.channel, "rejected"]) == (2, 1)


@pytest.mark.parametrize("where", ["decode", "encode_record"])
async def test_a_mistake_of_ours_costs_one_record_and_is_told_once(
    where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = getattr(stage, where)

    def sometimes_wrong(given: Any, *others: Any) -> Any:
        if getattr(given, "offset", None) in (1, 2) or getattr(given, "raw", "").endswith(("/1", "/2")):
            raise KeyError("nobody thought of this")
        return real(given, *others)

    monkeypatch.setattr(stage, where, sometimes_wrong)
    away = await run_values("calls", *[NOT_PLAIN] * 4)
    assert sorted(touch.raw for touch in away.activity()) == ["t.calls/3/0", "t.calls/3/3"]
    assert [original for original, _ in away.quarantine()] == [NOT_PLAIN, NOT_PLAIN]
    assert {(said["reason"], said["detail"]) for _, said in away.quarantine()} == {
        ("fault", "KeyError: 'nobody thought of this'")
    }
    assert away.told["calls", "rejected", "fault"] == 2
    said = [record.getMessage()[:40] for record in caplog.records if record.name == stage.log.name]
    assert said == ["Intake failed on 2 records of t.calls/3 "]


async def test_a_mistake_on_the_short_way_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    right = await run_values("calls", GOOD, b"", GOOD)

    def wrong(*given: Any) -> Any:
        raise KeyError("nobody thought of this")

    monkeypatch.setattr(PlainPath, "_become", wrong)
    assert (await run_values("calls", GOOD, b"", GOOD)).sent == right.sent


@pytest.mark.parametrize(("where", "name", "value"), [(stage, "decode", NOT_PLAIN), (PlainPath, "_become", GOOD)])
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
        await Intake(TOPICS, READING, refuse, away).take(RecordBatch("t.calls", 0, [Consumed(0, GOOD)]))
    assert not away.told


async def test_one_persons_touches_stay_in_order() -> None:
    away = await run_values("calls", *[as_bytes(changed("calls", customer_id="C-1", event_id=n)) for n in range(20)])
    assert [touch.event_id for touch in away.activity()] == [str(n) for n in range(20)]


async def test_a_replay_out_of_the_quarantine_keeps_its_coordinates() -> None:
    good, bad = ((ORIGIN, b"t.calls/2/17"),), ((ORIGIN, b"t.calls/1/4"),)
    away = await run("calls", Consumed(99, GOOD, good), Consumed(100, b"", bad))
    (touch,) = away.activity()
    assert (touch.event_id, touch.raw) == ("t.calls/2/17", "t.calls/2/17")
    row = read_row(touch.head, EVENT_HEAD)
    assert (row["raw_topic"], row["raw_partition"], row["raw_offset"]) == ("t.calls", 2, 17)
    ((_, said),) = away.quarantine()
    assert (said["raw_topic"], said["raw_partition"], said["raw_offset"]) == ("t.calls", "1", "4")


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
async def test_a_header_that_names_no_place_is_passed_over(origin: bytes) -> None:
    away = await run("calls", Consumed(99, GOOD, ((ORIGIN, origin), ("other", b"x"))))
    assert [touch.raw for touch in away.activity()] == ["t.calls/3/99"]


@pytest.mark.parametrize(("timestamp", "received_at_ms"), [(-1, 0), (0, 0), (2**62, LATEST_MS)])
async def test_an_arrival_that_no_column_can_hold(timestamp: int, received_at_ms: int) -> None:
    """A topic that was made without broker time has the producer's."""
    away = await run("calls", Consumed(0, GOOD, timestamp=timestamp), Consumed(1, b"", timestamp=timestamp))
    (touch,) = away.activity()
    row = read_row(touch.head, EVENT_HEAD)
    assert [column for column in EVENT_HEAD if not fits(column.type, row[column.name])] == []
    assert touch.received_at_ms == received_at_ms
    assert away.quarantine()[0][1]["received_at_ms"] == str(received_at_ms)


@pytest.mark.parametrize("more", [0, 1])
async def test_a_monstrous_original_is_cut_and_says_so(more: int) -> None:
    monster = b"x" * (KEPT_BYTES + more)
    ((original, said),) = (await run_values("calls", monster)).quarantine()
    assert original == monster[:KEPT_BYTES]
    assert (f"of {len(monster)} bytes are kept" in said["detail"]) is bool(more)


def test_partitions_are_those_of_crc_32() -> None:
    """Whoever changes this moves every identifier away from its state. 0xCBF43926 is the algorithm's check value."""
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
    for _, said in away.quarantine():
        assert Reason(said["reason"]) not in (Reason.FAULT, Reason.UNREADABLE, Reason.REFUSED_BY_STORE)
        assert 0 < len(said["detail"]) <= DETAIL_CHARS
    assert len(away.activity()) == len(records) - len(refused)
    assert away.told[channel, "accepted"] + away.told[channel, "rejected"] == len(records)
    assert away.told[channel, "rejected"] == len(refused)
