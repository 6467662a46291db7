"""On a small disk, the engine stops before the disk is full, undoes damaged parts, and resumes by itself."""

from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.deploy.engine.disk.small_engine import client, disk, engine, ids, parts, refusal, store, wait_until_it_stores
from tests.deploy.engine.engine_processes import Start
from tests.small_disk import MB, SmallDisk, mounted_or_skipped

__all__ = ["client", "disk", "engine"]  # fixtures


def test_below_the_margin_inserts_are_refused_and_reads_continue(client: Any, disk: SmallDisk) -> None:
    store(client, 1)
    disk.fill(leave_bytes=30 * MB)
    message = refusal(client)
    assert "The engine has stopped storing: only " in message
    assert f"MB are free on {disk.folder / 'data'}, and it stops below 40 MB. Make room there; it resumes" in message
    for sql in ("INSERT INTO kept VALUES (2)", "INSERT INTO kept SELECT 2", "INSERT INTO kept SELECT id FROM kept"):
        with pytest.raises(ClickHouseError) as raised:
            client.command(sql)
        assert raised.value.code == 243
    assert ids(client) == [1]
    assert disk.free_bytes > 25 * MB


def test_it_resumes_by_itself_when_clearly_more_room_is_free(client: Any, disk: SmallDisk) -> None:
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


def test_an_engine_starts_on_a_full_disk(start: Start, tmp_path: Path) -> None:
    for small in mounted_or_skipped(tmp_path, 100, "tmpfs"):
        small.fill(leave_bytes=5 * MB)
        engine = start(small.folder / "data")
        client: Any = engine.client()
        assert "it stops below 10 MB" in refusal(client)
        small.make_room()
        wait_until_it_stores(client)
        assert engine.stop() == 0
