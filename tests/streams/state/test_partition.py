"""Only the owner with the lease reads and writes a partition, over generations."""

import asyncio

import pytest

from streams.state.partition import PartitionLostError
from tests.streams.cluster import read_records
from tests.streams.state.tables import App, give, open_table


async def test_only_the_owner_reads_and_writes(app: App, changelog: str, kafka: str) -> None:
    table = await open_table(app, changelog, 0)
    with pytest.raises(PartitionLostError, match="partition 1 of table table is not this worker's"):
        await table.write(1, {b"a": b"1"})
    with pytest.raises(PartitionLostError):
        await table.wait_recovered(1)
    table.assign({0, 1}, 2)
    with pytest.raises(PartitionLostError, match="not complete yet"):
        table.partition(1)
    table.revoke()
    with pytest.raises(PartitionLostError):
        await table.write(0, {b"a": b"1"})
    with pytest.raises(PartitionLostError):
        table.partition(0)
    assert await read_records(kafka, changelog) == []


async def test_a_write_without_the_lease_waits_until_it_is_renewed_or_lost(
    app: App, changelog: str, kafka: str
) -> None:
    table = await open_table(app, changelog, 0)
    app.lease = False
    renewed = asyncio.create_task(table.write(0, {b"a": b"1"}))
    lost = asyncio.create_task(table.write(0, {b"b": b"1"}))
    await asyncio.wait([renewed, lost], timeout=0.2)
    assert not renewed.done()
    assert await read_records(kafka, changelog) == []
    table.revoke()
    with pytest.raises(PartitionLostError, match="while waiting for Kafka"):
        await lost
    with pytest.raises(PartitionLostError):
        await renewed
    await give(app, table, 0, generation=2)
    later = asyncio.create_task(table.write(0, {b"a": b"2"}))
    app.lease = True
    await later
    assert dict(table.partition(0)) == {b"a": b"2"}


@pytest.mark.parametrize(("generation", "reads"), [(2, 0), (3, 1)])
async def test_state_is_kept_in_the_next_generation_only(app: App, changelog: str, generation: int, reads: int) -> None:
    dropped: list[int] = []
    table = await open_table(app, changelog, 0, on_dropped=dropped.append)
    await table.write(0, {b"a": b"1"})
    table.revoke()
    table.assign({0}, generation)
    assert len(table.unread()) == reads
    await give(app, table, 0, generation=generation + 1)
    assert dropped == [0] * reads
    assert dict(table.partition(0)) == {b"a": b"1"}


async def test_state_is_dropped_when_revoked_and_read_when_it_returns(app: App, changelog: str) -> None:
    dropped: list[int] = []
    table = await open_table(app, changelog, 0, 1, on_dropped=dropped.append)
    await table.write(0, {b"a": b"1"})
    table.revoke()
    await give(app, table, 1, generation=2)
    assert dropped == [0]
    with pytest.raises(PartitionLostError):
        table.partition(0)
    table.revoke()
    await give(app, table, 0, 1, generation=3)
    assert dict(table.partition(0)) == {b"a": b"1"}
