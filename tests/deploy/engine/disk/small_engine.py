"""An engine on a small disk."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.deploy.engine.engine_processes import Engine, Start
from tests.small_disk import SmallDisk, mounted_or_skipped

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
    """A writer of a new table `kept`; afterwards the disk has room again."""
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
    """The engine's answer to an INSERT, empty if it is accepted."""
    try:
        client.command("INSERT INTO FUNCTION null('id UInt64') FORMAT TSV", data=b"1\n")
    except ClickHouseError as error:
        if error.code == 243:
            return str(error)
        raise
    return ""


def wait_until_it_stores(client: Any) -> None:
    end_s = time.monotonic() + LIMIT_S
    while message := refusal(client):
        assert time.monotonic() < end_s, message
        time.sleep(0.05)


def parts(client: Any) -> list[tuple[str, Path]]:
    sql = "SELECT name, path FROM system.parts WHERE active AND table = 'kept' AND database = 'shop' ORDER BY name"
    return [(name, Path(path)) for name, path in client.query(sql).result_rows]


def ids(client: Any) -> list[int]:
    return [row[0] for row in client.query("SELECT id FROM kept ORDER BY id").result_rows]
