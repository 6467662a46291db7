"""Recovery from changelogs: gaps, transaction markers, and records that must be appended again."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from streams.kafka.sender import Sender
from streams.records import Message
from streams.state.partition import PartitionLostError
from streams.state.table import ChangelogTable
from streams.state.versioned_log import VERSION_HEADER
from tests.streams.cluster import make_topics, read_records, wait_for, write_records
from tests.streams.state.tables import SOURCE, App, give, open_table, read_last, version_of


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


async def test_recovery_waits_for_a_missing_changelog(
    app: App, kafka: str, changelog: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.state.changelog_reader.RETRY_S", 0.2)
    late = f"{changelog}-late"
    opening = asyncio.create_task(open_table(app, late, 0))
    async with asyncio.timeout(20):
        while f"Changelog topic {late} does not exist" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.to_thread(make_topics, kafka, late, cleanup_policy="compact")
    assert dict((await opening).partition(0)) == {}


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


async def test_a_partition_is_incomplete_until_its_repairs_are_appended(app: App, changelog: str, kafka: str) -> None:
    await Sender(app).append((changelog, 0), [(b"a", b"new@9", None), (b"a", b"old@5", None)])
    table = ChangelogTable(app, "table", source=SOURCE, changelog=changelog, version_of=version_of)
    app.lease = False
    table.assign({0}, 1)
    app.recovery.resume()
    async with asyncio.timeout(20):
        while table.remaining() != {0: 0}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    with pytest.raises(PartitionLostError, match="not complete yet"):
        table.partition(0)
    assert len(await read_records(kafka, changelog)) == 2
    app.lease = True
    async with asyncio.timeout(20):
        await table.wait_recovered(0)
    assert (await read_last(kafka, changelog))[b"a"] == (b"new@9", ())
    app.changelog_tables.clear()


async def test_an_interrupted_recovery_resumes_at_its_offset(app: App, changelog: str) -> None:
    table = await open_table(app, changelog, 0, version_of=version_of)
    await table.write(0, {b"%d" % at: b"x@%d" % at for at in range(100)})
    table.revoke()
    await give(app, table, 0, generation=5)
    assert table.offsets_read(0) == 0
    assert len(table.partition(0)) == 100


async def test_a_worker_that_cannot_complete_a_partition_exits(
    app: App, changelog: str, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing awaits the task of the last step: without an exit, the partition would never be complete."""

    def fail(p: int) -> None:
        raise OSError("no room")

    reasons: list[str] = []
    monkeypatch.setattr("streams.state.table.exit_now", lambda reason, error: reasons.append(reason))
    await write_records(kafka, changelog, {0: [(b"a", b"new@9"), (b"a", b"late@3")]})
    table = ChangelogTable(app, "table", source=SOURCE, changelog=changelog, version_of=version_of, on_recovered=fail)
    table.assign({0}, 1)
    app.recovery.resume()
    await wait_for(lambda: bool(reasons), "the worker's exit")
    assert reasons == ["Partition 0 of table table could not be completed: OSError: no room."]
