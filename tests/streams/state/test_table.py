"""Tables on a real Kafka: written state is recovered, and only the owner's writes count."""

import asyncio

import pytest

from streams.state.memory import MemoryStore
from streams.state.partition import PartitionLostError
from streams.state.store import TRUSTED_S
from streams.state.table import ChangelogTable
from streams.state.versioned_log import VERSION_HEADER
from tests.streams.cluster import read_records, wait_for, write_records
from tests.streams.state.tables import SOURCE, App, give, open_table, read_last, version_of


async def test_written_state_is_recovered(app: App, changelog: str) -> None:
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


async def test_state_cannot_be_changed_without_the_changelog(app: App, changelog: str) -> None:
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


async def test_a_late_zombie_changes_nothing(app: App, changelog: str) -> None:
    table = await open_table(app, changelog, 0, version_of=version_of)
    await table.write(0, {b"kept": b"new@9", b"back": b"old@3", b"gone": b"old@3", b"late": b"old@3"})
    await table.write(0, {b"gone": None, b"back": None}, version=8)
    await table.write(0, {b"back": b"new@9", b"late": b"new@9"})
    stale = [(b"kept", b"old@5", None), (b"gone", b"old@4", None), (b"late", None, [(VERSION_HEADER, b"6")])]
    await table._sender.send({(changelog, 0): stale})
    again = await open_table(app, changelog, 0, version_of=version_of)
    assert dict(again.partition(0)) == {b"kept": b"new@9", b"back": b"new@9", b"late": b"new@9"}


async def test_an_owner_repairs_what_a_zombie_writes(app: App, changelog: str, kafka: str) -> None:
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


async def test_a_zombie_absorbs_what_its_successor_wrote(app: App, changelog: str, kafka: str) -> None:
    zombie = await open_table(app, changelog, 0, version_of=version_of)
    await zombie.write(0, {b"a": b"first@1"})
    await write_records(kafka, changelog, {0: [(b"a", b"second@3"), (b"b", b"second@4")]})
    await zombie.write(0, {b"a": b"late@2"})  # under way when the worker was paused
    app.lease = False
    part = zombie._partitions[0]
    await wait_for(lambda: part.foreign is None, "the zombie to have read its successor's records")
    zombie.revoke()
    app.lease = True
    await give(app, zombie, 0, generation=3)
    assert dict(zombie.partition(0)) == {b"a": b"second@3", b"b": b"second@4"}
    again = await open_table(app, changelog, 0, version_of=version_of)
    assert dict(again.partition(0)) == dict(zombie.partition(0))


async def test_a_standby_follows_and_takes_over_from_its_position(app: App, changelog: str) -> None:
    owner = await open_table(app, changelog, 0, version_of=version_of)
    other = ChangelogTable(app, "other", source=SOURCE, changelog=changelog, version_of=version_of)
    other.assign(set(), 1, {0})
    app.recovery.resume()
    for at in range(30):
        await owner.write(0, {b"%d" % (at % 7): b"x@%d" % at})
    async with asyncio.timeout(20):
        while other._partitions[0].store.view != owner.partition(0):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert other.warm() == {0}
    assert other.standby_lag() == {0: 0}
    assert other.count_bytes() == owner.count_bytes()
    assert other.remaining() == {}
    with pytest.raises(PartitionLostError, match="not this worker's"):
        other.partition(0)
    with pytest.raises(PartitionLostError, match="no partition 0"):
        await other.wait_recovered(0)
    await owner.write(0, {b"1": None, b"2": b"last@31"}, version=30)
    owner.assign(set(), 2)
    await give(app, other, 0, generation=2)
    assert dict(other.partition(0)) == {b"2": b"last@31", **{b"%d" % k: b"x@%d" % (k + 21) for k in (3, 4, 5, 6)},
                                        b"0": b"x@28"}  # fmt: skip
    assert other.offsets_read(0) <= 2
    other.assign(set(), 3, {0})
    assert other.standby_lag() == {0: None}
    await give(app, other, 0, generation=4)
    assert other.offsets_read(0) == 0, "the state of a former owner is still complete"


async def test_a_standby_that_slept_for_long_reads_the_whole_log_again(app: App, changelog: str) -> None:
    owner = await open_table(app, changelog, 0, version_of=version_of)
    await owner.write(0, {b"a": b"x@1", b"b": b"x@2"})
    other = ChangelogTable(app, "other", source=SOURCE, changelog=changelog, version_of=version_of)
    other.assign(set(), 1, {0})
    app.recovery.resume()
    await wait_for(lambda: other.standby_lag() == {0: 0}, "the standby to be warm")
    app.recovery.stop()
    part = other._partitions[0]
    assert isinstance(part.store, MemoryStore)
    part.store.apply({b"gone": b"x@1"}, None, part.cursor.position)  # the log has lost the deletion
    part.store.as_of_s -= TRUSTED_S + 1
    part.cursor.answered_s -= TRUSTED_S + 1
    await owner.write(0, {b"a": b"x@3"})
    app.recovery.resume()
    await wait_for(lambda: part.store.view == {b"a": b"x@3", b"b": b"x@2"}, "the state of the log")
