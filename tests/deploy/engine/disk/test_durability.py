"""Acknowledged rows survive an orderly stop and a kill -9, once however often they are sent."""

import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from tests.deploy.engine.engine_processes import Engine, Start

DEDUPLICATE = "SETTINGS non_replicated_deduplication_window = 1000"
TOKEN = {"deduplicate_blocks_in_dependent_materialized_views": "1", "async_insert": "0"}
COLUMNS = ["n", "label"]


def make_tables(client: Any) -> None:
    client.command(
        f"CREATE TABLE facts (n UInt64, label String, five UInt8) ENGINE = MergeTree ORDER BY n {DEDUPLICATE}"
    )
    client.command(f"CREATE TABLE sums (label String, c UInt64) ENGINE = SummingMergeTree ORDER BY label {DEDUPLICATE}")
    client.command(
        "CREATE MATERIALIZED VIEW facts_to_sums TO sums AS SELECT label, count() AS c FROM facts GROUP BY label"
    )


def block(first: int, count: int) -> bytes:
    encode = msgspec.msgpack.encode
    rows = [encode(n) + encode(f"l{n % 7}") for n in range(first, first + count)]
    half = count // 2
    return zstandard.compress(b"".join(rows[:half])) + zstandard.compress(b"".join(rows[half:]))


def store(client: Any, token: str, data: bytes) -> None:
    settings = TOKEN | {"insert_deduplication_token": token}
    client.raw_insert("facts", COLUMNS, data, settings=settings, fmt="MsgPack", compression="zstd")


def store_selected(client: Any, token: str, data: bytes) -> None:
    sql = "INSERT INTO facts (n, label, five) SELECT n, label, 5 FROM input('n UInt64, label String') FORMAT MsgPack"
    settings = TOKEN | {"insert_deduplication_token": token}
    client.command(sql, data=data, settings=settings, transport_settings={"Content-Encoding": "zstd"})


def counts(client: Any) -> tuple[int, int, int]:
    """Rows, distinct rows, and rows counted by the view."""
    sql = "SELECT (SELECT count() FROM facts), (SELECT uniqExact(n) FROM facts), (SELECT sum(c) FROM sums)"
    found: tuple[int, int, int] = client.query(sql).result_rows[0]
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data"


def begin(start: Start, path: Path) -> tuple[Engine, Any]:
    engine = start(path)
    client: Any = engine.client()
    client.command("CREATE DATABASE IF NOT EXISTS shop")
    return engine, engine.client()


@pytest.mark.parametrize("way", [store, store_selected])
def test_a_token_counts_once_in_table_and_view(start: Start, path: Path, way: Any) -> None:
    engine, client = begin(start, path)
    make_tables(client)
    small, large = block(0, 1000), block(1000, 200_000)
    for _ in range(2):
        way(client, "small", small)
        way(client, "large", large)
    way(client, "small", block(900_000, 10))
    assert counts(client) == (201_000, 201_000, 201_000)
    assert engine.stop() == 0
    engine, client = begin(start, path)
    way(client, "large", large)
    way(client, "more", block(201_000, 1000))
    assert counts(client) == (202_000, 202_000, 202_000)
    assert engine.stop() == 0


def test_kill_9_loses_nothing_acknowledged(start: Start, path: Path) -> None:
    engine, client = begin(start, path)
    make_tables(client)
    acknowledged, enough = [], threading.Event()

    def write() -> None:
        for number in range(10_000):
            try:
                store(client, f"b{number}", block(number * 1000, 1000))
            except Exception:
                return
            acknowledged.append(number)
            if number == 20:
                enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(60)
    engine.kill()
    writer.join(60)
    assert not writer.is_alive()
    engine, client = begin(start, path)
    missing = "SELECT count() FROM facts WHERE n < {end:UInt64}"
    assert client.query(missing, parameters={"end": len(acknowledged) * 1000}).result_rows == [
        (len(acknowledged) * 1000,)
    ]
    # The insert in flight is in table and view each as a whole or not at all. Sent again under its token it may stay
    # lost (docs/decisions/015-blocks-in-doubt.md), so nothing relies on that, and nothing is asserted here.
    written, distinct, summed = counts(client)
    assert written == distinct
    assert {written - len(acknowledged) * 1000, summed - len(acknowledged) * 1000} <= {0, 1000}
    assert engine.stop() == 0


def test_requests_in_flight_are_finished(start: Start, path: Path) -> None:
    engine, client = begin(start, path)
    client.command("CREATE TABLE slow (n UInt64) ENGINE = MergeTree ORDER BY n")
    sql = "INSERT INTO slow SELECT number FROM numbers(20) WHERE sleepEachRow(0.1) = 0"
    done: list[Any] = []
    watcher: Any = engine.client()  # before: it takes a while itself
    writer = threading.Thread(target=lambda: done.append(client.command(sql)))
    writer.start()
    while not watcher.query("SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO slow%'").result_rows[0][
        0
    ]:
        assert writer.is_alive()
    assert engine.stop() == 0
    writer.join(30)
    assert len(done) == 1
    _, client = begin(start, path)
    assert client.command("SELECT count() FROM slow") == 20
