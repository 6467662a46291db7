"""A real ClickHouse engine as a process that can be killed and restarted on the same port."""

import json
import os
import signal
import sys
from pathlib import Path

from deploy.engine.launch import command
from deploy.ports import LOOPBACK, free_port
from deploy.process import Child
from sinks.clickhouse.client import Client, connect, connect_server, parse_address
from tests.journeys.waiting import PATIENCE_S


class Engine:
    """An engine with two users: `writer`, and `reader` with read-only access."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users = folder / "users.json"
        self._users.touch(mode=0o600)
        self._users.write_text(json.dumps({"writer": {"password": "w"}, "reader": {"password": "r", "readonly": True}}))
        self._child: Child | None = None
        self.port = free_port()

    def start(self) -> None:
        """Start the engine; return when it serves."""
        line = command(self._folder / "data", self.port, self._users, sys.executable)
        self._child = Child("the engine", line, self._folder / "engine.log")
        self._child.start()
        self._child.wait_line(lambda text: text.startswith("{"), PATIENCE_S)

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self._child is not None
        return self._child.pid

    def kill(self) -> None:
        """Kill the process with SIGKILL."""
        assert self._child is not None
        os.kill(self._child.pid, signal.SIGKILL)
        self._child.wait(PATIENCE_S)
        self._child.stop()

    def stop(self) -> None:
        """Stop the process in order."""
        if self._child is not None:
            self._child.stop()

    def url(self, database: str, user: str = "writer") -> str:
        """Return the URL of a database for a user."""
        return f"http://{user}:{user[0]}@{LOOPBACK}:{self.port}/{database}"

    def client(self, database: str) -> Client:
        """Return a client of a database."""
        return connect(parse_address(self.url(database)), "write")

    def server(self) -> Client:
        """Return a client without a database."""
        return connect_server(parse_address(self.url("any")))
