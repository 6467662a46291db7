"""Databases of the shared engine, and a separate engine, for the tests of the store."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.engine.launch import command, read_ready
from sinks.clickhouse.client import Address, Client, connect_server
from sinks.clickhouse.client import connect as connect_to
from sinks.clickhouse.migrations import migrate
from tests.databases import Databases
from tests.engine_process import STOP_S, write_users


class Server:
    """An engine that can be stopped, killed and restarted at the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users = write_users(folder)
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        self.address = Address("127.0.0.1", self.port, "default", "writer", "w")

    def start(self) -> None:
        line = command(self._folder / "data", self.port, self._users, sys.executable)
        self._process = subprocess.Popen(line, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert read_ready(self._process.stdout.readline()).port == self.port

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.communicate(timeout=STOP_S)
            self._process = None

    def pause(self, how: signal.Signals = signal.SIGSTOP) -> None:
        assert self._process is not None
        self._process.send_signal(how)


@pytest.fixture
def server(own_engine: None, tmp_path: Path) -> Iterator[Server]:
    """A separate engine, started, with all tables in `touchline`."""
    server = Server(tmp_path)
    server.start()
    server.address = replace(server.address, database="touchline")
    migrate(connect_server(server.address), "touchline")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def engine(clickhouse: Address) -> Callable[[str], Client]:
    """Return a function that makes writers of a database; of none if ''."""

    def writer(database: str) -> Client:
        address = replace(clickhouse, database=database)
        return connect_to(address, "write") if database else connect_server(address)

    return writer


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """An empty database with all tables."""
    with databases.lend() as address:
        yield address.database


@pytest.fixture
def connect(engine: Callable[[str], Client], database: str) -> Callable[[], Client]:
    """A function that makes writers of that database."""
    return lambda: engine(database)


@pytest.fixture
def client(connect: Callable[[], Client]) -> Client:
    """A writer that checks the tables."""
    return connect()
