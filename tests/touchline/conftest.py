"""A folder and an environment of one's own, and a real engine for what asks ClickHouse."""

import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sinks.clickhouse.client import Address, connect_server
from sinks.clickhouse.migrations import migrate
from touchline.settings import PREFIX

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; nothing else of the environment is set."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TOUCHLINE_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def new_database(clickhouse: Address) -> Callable[..., Address]:
    """Names databases; with all tables, unless `empty`."""

    def make(empty: bool = False) -> Address:
        here = replace(clickhouse, database=f"root_{next(_numbers)}")
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
