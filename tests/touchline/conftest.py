"""A folder and an environment of one's own, and a real engine for what asks ClickHouse."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sinks.clickhouse import Address, connect_server
from sinks.engine.launch import command, read_ready
from sinks.migrate import migrate
from touchline.settings import PREFIX

_USERS = {"writer": {"password": "w"}, "reader": {"password": "r", "readonly": True}}
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; nothing else of the environment is set."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TOUCHLINE_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """An engine that runs as long as these tests."""
    folder = tmp_path_factory.mktemp("engine")
    users = folder / "users.json"
    users.touch(mode=0o600)
    users.write_text(json.dumps(_USERS))
    process = subprocess.Popen(command(folder / "data", 0, users, sys.executable), stdout=subprocess.PIPE)
    assert process.stdout is not None
    yield Address("127.0.0.1", read_ready(process.stdout.readline()).port, "default", "writer", "w")
    process.terminate()
    process.communicate(timeout=90)  # more than the engine gives itself to close


@pytest.fixture
def new_database(engine: Address) -> Callable[..., Address]:
    """Names databases; with all tables, unless `empty`."""

    def make(empty: bool = False) -> Address:
        here = replace(engine, database=f"root_{next(_numbers)}")
        if not empty:
            client = connect_server(here)
            migrate(client, here.database)
            client.close()
        return here

    return make


@pytest.fixture
def url() -> Callable[..., str]:
    """An address as TOUCHLINE_CLICKHOUSE has it."""

    def write(address: Address, user: str = "writer", password: str = "w") -> str:
        return f"http://{user}:{password}@{address.host}:{address.port}/{address.database}"

    return write
