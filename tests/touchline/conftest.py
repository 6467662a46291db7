"""A folder and an environment of one's own, and a real engine for what asks ClickHouse."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from sinks.clickhouse.client import Address
from tests.databases import Databases
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
def new_database(clickhouse: Address, databases: Databases) -> Iterator[Callable[..., Address]]:
    """Names databases; with all tables, unless `empty`."""
    with ExitStack() as lent:

        def make(empty: bool = False) -> Address:
            if empty:
                return replace(clickhouse, database=f"root_{next(_numbers)}")
            return lent.enter_context(databases.lend())

        yield make


@pytest.fixture
def url() -> Callable[..., str]:
    """An address as TOUCHLINE_CLICKHOUSE has it."""

    def write(address: Address, user: str = "writer", password: str = "w") -> str:
        return f"http://{user}:{password}@{address.host}:{address.port}/{address.database}"

    return write
