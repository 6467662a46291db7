"""On a small disk of its own: the engine stops before the disk is full, undoes what is damaged, goes on by itself."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.deploy.engine.running import Engine, Start
from tests.small_disk import MB, SmallDisk, mounted_or_skipped

TABLE = "(id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100"
LIMIT_S = 60.0


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    yield from mounted_or_skipped(tmp_path_factory.mktemp("small"), 300)


@pytest.fixture(scope="module")
def engine(start: Start, disk: SmallDisk) -> Engine:
    return start(disk.folder / "data", "--min-free-mb", "40")


@pytest.fixture
def client(engine: Engine, disk: SmallDisk) -> Iterator[Any]:
    """A writer of a fresh table `kept`; the disk has room again afterwards."""
    client: Any = engine.client()
    client.command("CREATE DATABASE IF NOT EXISTS shop")
    client = engine.client()
    client.command(f"CREATE OR REPLACE TABLE kept {TABLE}")
    yield client
    disk.make_room()
    wait_until_it_stores(client)


def store(client: Any, number: int) -> None:
    settings = {"insert_deduplication_token": str(number)}
    client.command("INSERT INTO kept FORMAT TSV", data=b"%d\n" % number, settings=settings)


def refusal(client: Any) -> str:
    """The engine's answer to an INSERT, empty when it is taken."""
    try:
        client.command("INSERT INTO FUNCTION null('id UInt64') FORMAT TSV", data=b"1\n")
    except ClickHouseError as error:
        if error.code == 243:
            return str(error)
        raise
    return ""


def wait_until_it_stores(client: Any) -> None:
    end_s = time.monotonic() + LIMIT_S
    while said := refusal(client):
        assert time.monotonic() < end_s, said
        time.sleep(0.05)


def parts(client: Any) -> list[tuple[str, Path]]:
    sql = "SELECT name, path FROM system.parts WHERE active AND table = 'kept' AND database = 'shop' ORDER BY name"
    return [(name, Path(path)) for name, path in client.query(sql).result_rows]


def ids(client: Any) -> list[int]:
    return [row[0] for row in client.query("SELECT id FROM kept ORDER BY id").result_rows]


def damage(part: Path) -> None:
    """Leave of a part what a full disk leaves of it: empty files."""
    for file in part.iterdir():
        file.write_bytes(b"")


def test_below_the_margin_inserts_are_refused_with_a_sentence_and_reading_goes_on(client: Any, disk: SmallDisk) -> None:
    store(client, 1)
    disk.fill(leave_bytes=30 * MB)
    said = refusal(client)
    assert "The engine has stopped storing: only " in said
    assert f"MB are free on {disk.folder / 'data'}, and it stops below 40 MB. Make room there; it goes on" in said
    for sql in ("INSERT INTO kept VALUES (2)", "INSERT INTO kept SELECT 2", "INSERT INTO kept SELECT id FROM kept"):
        with pytest.raises(ClickHouseError) as raised:
            client.command(sql)
        assert raised.value.code == 243
    assert ids(client) == [1]
    assert disk.free_bytes > 25 * MB


def test_it_goes_on_by_itself_when_clearly_more_room_is_free(client: Any, disk: SmallDisk) -> None:
    disk.fill(leave_bytes=30 * MB)
    assert refusal(client)
    disk.make_room(20 * MB)
    assert disk.free_bytes > 45 * MB
    assert refusal(client)
    disk.make_room(20 * MB)
    wait_until_it_stores(client)
    store(client, 1)
    assert ids(client) == [1]


def test_below_the_margin_nothing_is_merged(client: Any, disk: SmallDisk) -> None:
    store(client, 1)
    store(client, 2)
    disk.fill(leave_bytes=30 * MB)
    assert refusal(client)
    with pytest.raises(ClickHouseError):
        client.command("OPTIMIZE TABLE kept FINAL SETTINGS optimize_throw_if_noop = 1")
    assert len(parts(client)) == 2
    disk.make_room()
    wait_until_it_stores(client)
    client.command("OPTIMIZE TABLE kept FINAL")
    assert len(parts(client)) == 1


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


def test_a_damaged_merge_is_given_up_for_what_it_was_made_of(client: Any, disk: SmallDisk) -> None:
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


def test_a_disk_that_is_full_at_the_start(start: Start, tmp_path: Path) -> None:
    for disk in mounted_or_skipped(tmp_path, 100, "tmpfs"):
        disk.fill(leave_bytes=5 * MB)
        engine = start(disk.folder / "data")
        client: Any = engine.client()
        assert "it stops below 10 MB" in refusal(client)
        disk.make_room()
        wait_until_it_stores(client)
        assert engine.stop() == 0
