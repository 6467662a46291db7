"""State on disk with a real Kafka: a restarted worker reads only the tail, if it is the same log."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient

from streams.state.rocksdb_directory import RocksStores
from tests.streams.cluster import PARTITIONS, Bench, make_topics, read_records, wait_for, write_records
from tests.streams.runtime.test_worker import RECORDS, check_exact, make_load, wait_until_done
from tests.streams.state.tables import App, give, open_table, version_of


@pytest.fixture
def bench(kafka: str, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(kafka, tmp_path)
    yield made
    made.close()


async def test_a_killed_worker_continues_from_its_disk(bench: Bench) -> None:
    load = make_load()
    await write_records(bench.kafka, bench.source, load)
    state = str(bench.folder / "state")
    first = bench.start(instance="one", batch_records=50, state=state)
    await wait_for(lambda: min(bench.committed().get(p, 0) for p in range(PARTITIONS)) > RECORDS // 2, "half of it")
    assert await bench.stop(first, signal.SIGKILL) == -signal.SIGKILL
    records = await read_records(bench.kafka, bench.changelog)
    length = {p: max(record.offset for record in records if record.partition == p) + 1 for p in range(PARTITIONS)}

    second = bench.start(instance="one", state=state)
    await wait_for(lambda: set(bench.has(second)) == set(range(PARTITIONS)), "its state to be complete")
    for partition, read in bench.read(second).items():
        assert read <= 100 < length[partition], "at most the two batches that may have been in flight"
    refused = bench.start(instance="two", state=state)
    await wait_for(lambda: refused.poll() is not None, "the end of a second worker on the same folder")
    assert refused.returncode != 0
    assert "is in use by another worker" in bench.log_text()
    await wait_until_done(bench, RECORDS)
    assert await bench.stop(second) == 0

    third = bench.start(instance="one", state=state)
    await wait_for(lambda: set(bench.has(third)) == set(range(PARTITIONS)), "its state to be complete")
    assert set(bench.read(third).values()) == {1}, "after an orderly stop only the last record, to compare it"
    assert await bench.stop(third) == 0
    await check_exact(bench, load)


async def test_a_new_changelog_of_the_same_name_replaces_the_state(
    app: App, changelog: str, kafka: str, tmp_path: Path
) -> None:
    stores = RocksStores(tmp_path)
    table = await open_table(app, changelog, 0, version_of=version_of, stores=stores)
    await table.write(0, {b"gone": b"x@1", b"same": b"x@2"})
    app.recovery.stop()
    table.close()
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.delete_topics([changelog])
    async with asyncio.timeout(20):
        while changelog in await asyncio.to_thread(admin.list_topics):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    admin.close()
    make_topics(kafka, changelog, cleanup_policy="compact")
    await write_records(kafka, changelog, {0: [(b"new", b"x@1"), (b"same", b"x@2")]})
    again = await open_table(app, changelog, 0, version_of=version_of, stores=stores)
    assert dict(again.partition(0)) == {b"new": b"x@1", b"same": b"x@2"}
    assert again.offsets_read(0) == 2


async def test_a_partition_on_disk_is_revoked_and_returns(app: App, changelog: str, tmp_path: Path) -> None:
    table = await open_table(app, changelog, 0, version_of=version_of, stores=RocksStores(tmp_path))
    await table.write(0, {b"a": b"1@1", b"b": b"1@1"})
    await table.write(0, {b"a": None, b"c": b"2@2"}, version=2)
    assert table.count_keys() == len(table.partition(0)) == 2
    table.assign({1}, 2)
    assert table.warm() == {0}, "its files are left"
    await give(app, table, 0, generation=3)
    assert table.offsets_read(0) == 1
    assert dict(table.partition(0)) == {b"b": b"1@1", b"c": b"2@2"}
    await table.write(0, {b"%d" % at: b"x@3" for at in range(3000)})
    assert table.count_keys() == 3002
    table.revoke()
    table.assign(set(), 4, {0})
    assert table.standby_lag() == {0: None}
    await give(app, table, 0, generation=5)
    assert len(table.partition(0)) == 3002
    table.close()
