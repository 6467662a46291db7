"""A real ClickHouse engine over HTTP, as a process of its own, for the tests of the store."""

import itertools
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sinks.clickhouse import Address, Client, connect_server
from sinks.clickhouse import connect as connect_to
from sinks.engine.launch import command, read_ready
from sinks.migrate import migrate

_numbers = itertools.count()


class Server:
    """An engine that can be stopped, killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users = folder / "users.json"
        self._users.touch(mode=0o600)
        self._users.write_text(json.dumps({"writer": {"password": "w"}, "reader": {"password": "r", "readonly": True}}))
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
            self._process.communicate(timeout=90)  # more than the engine gives calls in flight
            self._process = None

    def pause(self, how: signal.Signals = signal.SIGSTOP) -> None:
        assert self._process is not None
        self._process.send_signal(how)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One engine for all tests that leave it alone."""
    server = Server(tmp_path_factory.mktemp("engine"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An engine of one's own, started and with all tables in `touchline`."""
    server = Server(tmp_path)
    server.start()
    server.address = replace(server.address, database="touchline")
    migrate(connect_server(server.address), "touchline")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def engine(running: Server) -> Callable[[str], Client]:
    """Makes writers of a database; of none if ''."""

    def writer(database: str) -> Client:
        address = replace(running.address, database=database)
        return connect_to(address, "write") if database else connect_server(address)

    return writer


@pytest.fixture
def database(engine: Callable[[str], Client]) -> str:
    """A fresh database with all tables."""
    name = f"test_{next(_numbers)}"
    migrate(engine(""), name)
    return name


@pytest.fixture
def connect(engine: Callable[[str], Client], database: str) -> Callable[[], Client]:
    """Makes writers of that database."""
    return lambda: engine(database)


@pytest.fixture
def client(connect: Callable[[], Client]) -> Client:
    """For looking at the tables."""
    return connect()
