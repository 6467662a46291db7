"""Tables on a real Kafka: what was written comes back, and nobody writes what is not his."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from streams.kafka.sender import Sender
from streams.records import Message
from streams.state.memory import MemoryStore
from streams.state.partition import PartitionLost
from streams.state.recovery import Recovery
from streams.state.store import TRUSTED_S
from streams.state.table import BatchTable
from streams.state.versioned_log import VERSION_HEADER
from tests.streams.cluster import make_topics, read_records, wait_for, write_records

SOURCE = "source"


class App(SimpleNamespace):
    """What a table asks of its app, with a real producer and a lease that the test gives and takes."""

    def __init__(self, kafka: str, producer: AIOKafkaProducer) -> None:
        self.lease = True
        super().__init__(
            batch_tables=[],
            producer=SimpleNamespace(driver=producer),
            consumer=SimpleNamespace(
                thread=SimpleNamespace(lease=SimpleNamespace(is_held=lambda: self.lease), again=False)
            ),
            address=kafka,
            conf=SimpleNamespace(id="test"),
            should_stop=False,
        )
        self.recovery = Recovery(self)


@pytest.fixture
async def app(kafka: str) -> AsyncIterator[App]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True, max_batch_size=512 * 1024)
    await producer.start()
    app = App(kafka, producer)
    yield app
    app.recovery.stop()
    await producer.stop()


@pytest.fixture
def changelog(kafka: str) -> str:
    name = f"t{uuid.uuid4().hex[:10]}-changelog"
    make_topics(kafka, name, cleanup_policy="compact", max_message_bytes="10000000")
    return name


def version_of(value: bytes) -> int:
    return int(value.split(b"@")[1])


async def open_table(app: App, changelog: str, *partitions: int, generation: int = 1, **more: Any) -> BatchTable:
    """A table with these partitions recovered."""
    app.batch_tables.clear()
    table = BatchTable(app, "table", source=SOURCE, changelog=changelog, **more)
    await give(app, table, *partitions, generation=generation)
    return table


async def give(app: App, table: BatchTable, *partitions: int, generation: int) -> None:
    table.assign(set(partitions), generation)
    app.recovery.resume()
    async with asyncio.timeout(20):
        for p in partitions:
            await table.wait_recovered(p)


async def test_what_was_written_comes_back(app: App, changelog: str) -> None:
    recovered: list[int] = []
    table = await open_table(app, changelog, 0, 3, on_recovered=recovered.append)
    assert sorted(recovered) == [0, 3]
    await table.write(0, {b"a": b"1", b"b": b"2"})
    await table.write(3, {b"a": b"3"})
    await table.write(0, {b"a": None, b"c": b"4", b"b": b"5"}, version=7)
    await table.write(0, {})
    assert dict(table.partition(0)) == {b"b": b"5", b"c": b"4"}

    again = await open_table(app, changelog, 0, 1, 3)
    assert [dict(again.partition(p)) for p in (0, 1, 3)] == [{b"b": b"5", b"c": b"4"}, {}, {b"a": b"3"}]
    assert again.remaining() == {0: 0, 1: 0, 3: 0}
    assert again.count_keys() == 3


async def test_state_cannot_be_changed_past_the_changelog(app: App, changelog: str) -> None:
    table = await open_table(app, changelog, 0)
    with pytest.raises(TypeError):
        table.partition(0)[b"a"] = b"1"  # type: ignore[index]


async def test_many_and_large_records(app: App, changelog: str, kafka: str) -> None:
    many: list[tuple[bytes | None, bytes | None]] = [(b"%d" % (i % 5000), b"%d" % i) for i in range(20_000)]
    large = b"x" * (8 << 20)
    await write_records(kafka, changelog, {0: many, 2: [(b"s", b"t"), (b"u", b"v")]})
    table = await open_table(app, changelog, 0, 1, 2, 3)
    await table.write(1, {b"large": large, b"after": b"1"})
    await table.write(3, {b"large": large})
    table = await open_table(app, changelog, 0, 1, 2, 3)
    assert dict(table.partition(0)) == {b"%d" % (i % 5000): b"%d" % i for i in range(15_000, 20_000)}
    assert dict(table.partition(1)) == {b"large": large, b"after": b"1"}
    assert dict(table.partition(2)) == {b"s": b"t", b"u": b"v"}
    assert dict(table.partition(3)) == {b"large": large}


async def test_a_changelog_that_lost_its_beginning_or_everything(app: App, changelog: str, kafka: str) -> None:
    make_topics(kafka, f"{changelog}-cut", cleanup_policy="compact,delete")
    records: list[tuple[bytes | None, bytes | None]] = [(b"%d" % i, b"x") for i in range(10)]
    await write_records(kafka, f"{changelog}-cut", {0: records, 1: records})
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    cuts = {TopicPartition(f"{changelog}-cut", p): RecordsToDelete(offset) for p, offset in [(0, 4), (1, 10)]}
    await admin.delete_records(cuts)
    await admin.close()
    table = await open_table(app, f"{changelog}-cut", 0, 1, 2)
    assert sorted(table.partition(0)) == [b"%d" % i for i in range(4, 10)]
    assert [dict(table.partition(p)) for p in (1, 2)] == [{}, {}]


async def test_a_changelog_that_ends_with_transaction_markers(app: App, changelog: str, kafka: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=changelog)
    async with producer, producer.transaction():
        await producer.send(changelog, b"1", key=b"a", partition=0)
    table = await open_table(app, changelog, 0)
    assert dict(table.partition(0)) == {b"a": b"1"}


async def test_a_late_zombie_changes_nothing(app: App, changelog: str) -> None:
    table = await open_table(app, changelog, 0, version_of=version_of)
    await table.write(0, {b"kept": b"new@9", b"back": b"old@3", b"gone": b"old@3", b"late": b"old@3"})
    await table.write(0, {b"gone": None, b"back": None}, version=8)
    await table.write(0, {b"back": b"new@9", b"late": b"new@9"})
    stale = [(b"kept", b"old@5", None), (b"gone", b"old@4", None), (b"late", None, [(VERSION_HEADER, b"6")])]
    await table._sender.send({(changelog, 0): stale})
    again = await open_table(app, changelog, 0, version_of=version_of)
    assert dict(again.partition(0)) == {b"kept": b"new@9", b"back": b"new@9", b"late": b"new@9"}


async def test_only_the_owner_reads_and_writes(app: App, changelog: str, kafka: str) -> None:
    table = await open_table(app, changelog, 0)
    with pytest.raises(PartitionLost, match="partition 1 of table table is not this worker's"):
        await table.write(1, {b"a": b"1"})
    with pytest.raises(PartitionLost):
        await table.wait_recovered(1)
    table.assign({0, 1}, 2)
    with pytest.raises(PartitionLost, match="not complete yet"):
        table.partition(1)
    table.revoke()
    with pytest.raises(PartitionLost):
        await table.write(0, {b"a": b"1"})
    with pytest.raises(PartitionLost):
        table.partition(0)
    assert await read_records(kafka, changelog) == []


async def test_without_the_lease_it_waits_until_it_is_renewed_or_lost(app: App, changelog: str, kafka: str) -> None:
    table = await open_table(app, changelog, 0)
    app.lease = False
    renewed = asyncio.create_task(table.write(0, {b"a": b"1"}))
    lost = asyncio.create_task(table.write(0, {b"b": b"1"}))
    await asyncio.wait([renewed, lost], timeout=0.2)
    assert not renewed.done()
    assert await read_records(kafka, changelog) == []
    table.revoke()
    with pytest.raises(PartitionLost, match="while waiting for Kafka"):
        await lost
    with pytest.raises(PartitionLost):
        await renewed
    await give(app, table, 0, generation=2)
    later = asyncio.create_task(table.write(0, {b"a": b"2"}))
    app.lease = True
    await later
    assert dict(table.partition(0)) == {b"a": b"2"}


@pytest.mark.parametrize(("generation", "reads"), [(2, 0), (3, 1)])
async def test_kept_in_the_very_next_generation_only(app: App, changelog: str, generation: int, reads: int) -> None:
    dropped: list[int] = []
    table = await open_table(app, changelog, 0, on_dropped=dropped.append)
    await table.write(0, {b"a": b"1"})
    table.revoke()
    table.assign({0}, generation)
    assert len(table.unread()) == reads
    await give(app, table, 0, generation=generation + 1)
    assert dropped == [0] * reads
    assert dict(table.partition(0)) == {b"a": b"1"}


async def test_dropped_when_it_goes_elsewhere_and_read_when_it_comes_back(app: App, changelog: str) -> None:
    dropped: list[int] = []
    table = await open_table(app, changelog, 0, 1, on_dropped=dropped.append)
    await table.write(0, {b"a": b"1"})
    table.revoke()
    await give(app, table, 1, generation=2)
    assert dropped == [0]
    with pytest.raises(PartitionLost):
        table.partition(0)
    table.revoke()
    await give(app, table, 0, 1, generation=3)
    assert dict(table.partition(0)) == {b"a": b"1"}


async def test_waits_for_a_changelog_that_is_not_there_yet(
    app: App, kafka: str, changelog: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.state.changelog_reader.RETRY_S", 0.2)
    late = f"{changelog}-late"
    opening = asyncio.create_task(open_table(app, late, 0))
    async with asyncio.timeout(20):
        while f"Changelog topic {late} is not there" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.to_thread(make_topics, kafka, late, cleanup_policy="compact")
    assert dict((await opening).partition(0)) == {}


async def read_last(kafka: str, changelog: str) -> dict[bytes, tuple[bytes | None, Any]]:
    """What compaction would leave of a changelog: value and headers of each key's last record."""
    records = sorted(await read_records(kafka, changelog), key=lambda record: record.offset)
    return {record.key: (record.value, record.headers) for record in records}


async def test_recovery_appends_again_what_a_zombie_would_have_compacted_away(
    app: App, changelog: str, kafka: str
) -> None:
    version = [(VERSION_HEADER, b"9")]
    log: list[Message] = [
        (b"kept", b"new@9", None), (b"fine", b"old@1", None), (b"gone", b"x@2", None), (b"gone", None, version),
        (b"back", b"y@10", None),
        (b"kept", b"old@5", None), (b"fine", b"new@2", None), (b"gone", b"old@3", None), (b"back", None, version),
    ]  # fmt: skip
    await Sender(app).append((changelog, 0), log)
    table = await open_table(app, changelog, 0, version_of=version_of)
    held = {b"kept": b"new@9", b"fine": b"new@2", b"back": b"y@10"}
    assert dict(table.partition(0)) == held
    last = await read_last(kafka, changelog)
    assert {key: value for key, (value, _) in last.items() if value is not None} == held
    assert last[b"gone"] == (None, ((VERSION_HEADER, b"9"),))
    length = len(await read_records(kafka, changelog))
    assert length == len(log) + 3

    await open_table(app, changelog, 0, version_of=version_of)
    assert len(await read_records(kafka, changelog)) == length, "once is enough"


async def test_it_is_not_complete_before_that_is_appended(app: App, changelog: str, kafka: str) -> None:
    await Sender(app).append((changelog, 0), [(b"a", b"new@9", None), (b"a", b"old@5", None)])
    table = BatchTable(app, "table", source=SOURCE, changelog=changelog, version_of=version_of)
    app.lease = False
    table.assign({0}, 1)
    app.recovery.resume()
    async with asyncio.timeout(20):
        while table.remaining() != {0: 0}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    with pytest.raises(PartitionLost, match="not complete yet"):
        table.partition(0)
    assert len(await read_records(kafka, changelog)) == 2
    app.lease = True
    async with asyncio.timeout(20):
        await table.wait_recovered(0)
    assert (await read_last(kafka, changelog))[b"a"] == (b"new@9", ())
    app.batch_tables.clear()


async def test_an_owner_notices_what_a_zombie_writes_and_appends_what_holds(
    app: App, changelog: str, kafka: str
) -> None:
    table = await open_table(app, changelog, 0, version_of=version_of)
    await table.write(0, {b"a": b"new@9", b"b": b"new@9"})
    await write_records(kafka, changelog, {0: [(b"a", b"old@5")]})
    await table.write(0, {b"b": b"newer@10"})
    async with asyncio.timeout(20):
        while (await read_last(kafka, changelog))[b"a"][0] != b"new@9":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert dict(table.partition(0)) == {b"a": b"new@9", b"b": b"newer@10"}
    await table.write(0, {b"c": b"new@11"})
    assert len(await read_records(kafka, changelog)) == 6
    again = await open_table(app, changelog, 0, version_of=version_of)
    assert dict(again.partition(0)) == {b"a": b"new@9", b"b": b"newer@10", b"c": b"new@11"}
    assert len(await read_records(kafka, changelog)) == 6


async def test_a_standby_follows_and_takes_over_where_it_stands(app: App, changelog: str) -> None:
    owner = await open_table(app, changelog, 0, version_of=version_of)
    other = BatchTable(app, "other", source=SOURCE, changelog=changelog, version_of=version_of)
    other.assign(set(), 1, {0})
    app.recovery.resume()
    for at in range(30):
        await owner.write(0, {b"%d" % (at % 7): b"x@%d" % at})
    async with asyncio.timeout(20):
        while other._partitions[0].store.view != owner.partition(0):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert other.warm() == {0}
    assert other.behind() == {0: 0}
    assert other.count_bytes() == owner.count_bytes()
    assert other.remaining() == {}
    with pytest.raises(PartitionLost, match="not this worker's"):
        other.partition(0)
    with pytest.raises(PartitionLost, match="no partition 0"):
        await other.wait_recovered(0)
    await owner.write(0, {b"1": None, b"2": b"last@31"}, version=30)
    owner.assign(set(), 2)
    await give(app, other, 0, generation=2)
    assert dict(other.partition(0)) == {b"2": b"last@31", **{b"%d" % k: b"x@%d" % (k + 21) for k in (3, 4, 5, 6)},
                                        b"0": b"x@28"}  # fmt: skip
    assert other.passed(0) <= 2
    other.assign(set(), 3, {0})
    assert other.behind() == {0: None}
    await give(app, other, 0, generation=4)
    assert other.passed(0) == 0, "what was here stays worth what it was"


async def test_a_standby_that_slept_for_long_reads_all_of_the_log_again(app: App, changelog: str) -> None:
    owner = await open_table(app, changelog, 0, version_of=version_of)
    await owner.write(0, {b"a": b"x@1", b"b": b"x@2"})
    other = BatchTable(app, "other", source=SOURCE, changelog=changelog, version_of=version_of)
    other.assign(set(), 1, {0})
    app.recovery.resume()
    await wait_for(lambda: other.behind() == {0: 0}, "the standby to be warm")
    app.recovery.stop()
    part = other._partitions[0]
    assert isinstance(part.store, MemoryStore)
    part.store.apply({b"gone": b"x@1"}, None, part.reading.position)  # the log has forgotten that it was deleted
    part.store.as_of_s -= TRUSTED_S + 1
    part.reading.heard_s -= TRUSTED_S + 1
    await owner.write(0, {b"a": b"x@3"})
    app.recovery.resume()
    await wait_for(lambda: part.store.view == {b"a": b"x@3", b"b": b"x@2"}, "the state that the log tells of")


async def test_what_was_given_up_on_the_way_is_read_from_where_it_stood(app: App, changelog: str) -> None:
    table = await open_table(app, changelog, 0, version_of=version_of)
    await table.write(0, {b"%d" % at: b"x@%d" % at for at in range(100)})
    table.revoke()
    await give(app, table, 0, generation=5)
    assert table.passed(0) == 0
    assert len(table.partition(0)) == 100


async def test_a_worker_that_cannot_complete_a_partition_leaves(
    app: App, changelog: str, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails on the last step is nobody's to see: the partition would be waited for for ever."""

    def fail(p: int) -> None:
        raise OSError("no room")

    told: list[str] = []
    monkeypatch.setattr("streams.state.table.leave", lambda reason, error: told.append(reason))
    await write_records(kafka, changelog, {0: [(b"a", b"new@9"), (b"a", b"late@3")]})
    table = BatchTable(app, "table", source=SOURCE, changelog=changelog, version_of=version_of, on_recovered=fail)
    table.assign({0}, 1)
    app.recovery.resume()
    await wait_for(lambda: bool(told), "somebody to hear of it")
    assert told == ["Partition 0 of table table could not be completed: OSError: no room."]
