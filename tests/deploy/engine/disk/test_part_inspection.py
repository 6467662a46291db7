"""Parts that a full disk damaged are dropped, or replaced by their source parts."""

from pathlib import Path
from typing import Any

from tests.deploy.engine.disk.small_engine import client, disk, engine, ids, parts, refusal, store, wait_until_it_stores
from tests.small_disk import MB, SmallDisk

__all__ = ["client", "disk", "engine"]  # fixtures


def damage(part: Path) -> None:
    """Truncate the files of a part, as a full disk does."""
    for file in part.iterdir():
        file.write_bytes(b"")


def test_a_damaged_part_of_an_insert_is_dropped_and_its_token_with_it(client: Any, disk: SmallDisk) -> None:
    store(client, 1)
    store(client, 2)
    damage(parts(client)[1][1])
    disk.fill(leave_bytes=30 * MB)
    assert refusal(client)
    disk.make_room()
    wait_until_it_stores(client)
    assert ids(client) == [1]
    store(client, 1)
    store(client, 2)
    assert ids(client) == [1, 2]


def test_a_damaged_merge_is_replaced_by_its_source_parts(client: Any, disk: SmallDisk) -> None:
    for number in range(4):
        store(client, number)
    client.command("OPTIMIZE TABLE kept FINAL")
    ((_, merged),) = parts(client)
    damage(merged)
    disk.fill(leave_bytes=30 * MB)
    assert refusal(client)
    assert ids(client) == [0, 1, 2, 3]
    assert client.query("SELECT name FROM system.detached_parts WHERE table = 'kept'").result_rows == []
    disk.make_room()
    wait_until_it_stores(client)
    client.command("OPTIMIZE TABLE kept FINAL")
    assert ids(client) == [0, 1, 2, 3]
    assert len(parts(client)) == 1
