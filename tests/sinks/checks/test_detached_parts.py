"""Detached parts are found, described and dropped."""

from pathlib import Path
from typing import Any

import pytest

from schemas.blocks import decode_block
from sinks.checks.detached_parts import Cause, broken_parts, describe_broken, drop_broken
from sinks.clickhouse.client import Client, connect
from sinks.store.insert import insert_frames
from tests.sinks.conftest import Server
from tests.sinks.sample_blocks import event_block


def _store(client: Client, first: int) -> None:
    _, frame = decode_block(event_block("t", 1, range(first, first + 10)))
    insert_frames(client, "events", [frame])


def _part(client: Client) -> tuple[str, Path]:
    sql = "SELECT name, path FROM system.parts WHERE active AND database = 'touchline' AND table = 'events' LIMIT 1"
    name, path = client.query(sql).result_rows[0]
    return name, Path(path)


def _count(client: Client) -> Any:
    return client.query("SELECT count() FROM events").result_rows[0][0]


def test_a_sound_table_has_no_broken_parts(server: Server) -> None:
    client = connect(server.address, "write")
    _store(client, 0)
    assert broken_parts(client) == []
    assert describe_broken([]) is None


@pytest.mark.parametrize("damage", ["empty", "missing"])
def test_a_part_that_the_engine_cannot_read_is_found_after_its_start(server: Server, damage: str) -> None:
    client = connect(server.address, "write")
    _store(client, 0)
    name, path = _part(client)
    server.stop()
    for file in path.iterdir():
        if damage == "empty":
            file.write_bytes(b"")
        elif file.name == "data.bin" or file.suffix == ".bin":
            file.unlink()
    server.start()
    client = connect(server.address, "write")
    (part,) = broken_parts(client)
    assert (part.table, part.reason, part.cause) == ("events", "broken-on-start", Cause.BROKEN)
    assert part.name == f"broken-on-start_{name}"
    assert _count(client) == 0
    sentence = describe_broken([part]) or ""
    assert sentence.startswith("ClickHouse has set aside 1 part of events (")
    assert "because ClickHouse could not read them" in sentence
    assert sentence.endswith("`touchline rebuild`")


def test_a_part_that_a_person_detached_is_found_and_can_be_dropped(server: Server) -> None:
    client = connect(server.address, "write")
    _store(client, 0)
    name, _ = _part(client)
    client.command(f"ALTER TABLE events DETACH PART '{name}'")
    (part,) = broken_parts(client)
    assert (part.name, part.reason, part.cause) == (name, "", Cause.DETACHED)
    assert "because a person detached them" in (describe_broken([part]) or "")
    drop_broken(client, [part])
    assert broken_parts(client) == []
    assert _count(client) == 0


def test_parts_of_another_database_are_not_reported(server: Server) -> None:
    client = connect(server.address, "write")
    client.command("CREATE DATABASE other")
    client.command("CREATE TABLE other.events (id UInt64) ENGINE = MergeTree ORDER BY id")
    client.command("INSERT INTO other.events SELECT 1")
    client.command("ALTER TABLE other.events DETACH PART 'all_1_1_0'")
    assert broken_parts(client) == []
