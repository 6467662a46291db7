"""A writer whose process dies, or sleeps, at a chosen statement."""

import threading
from typing import Any

from sinks.clickhouse.client import Client


class Killed(Exception):
    """Stands for the end of a process."""


class Mortal:
    """Passes `left` statements on to ClickHouse and dies; half a statement is still carried out."""

    def __init__(self, client: Client, left: float) -> None:
        self._client = client
        self._left = left
        self.database = client.database

    def raw_insert(self, *args: Any, **kwargs: Any) -> Any:
        return self._run("raw_insert", *args, **kwargs)

    def query(self, *args: Any, **kwargs: Any) -> Any:
        return self._run("query", *args, **kwargs)

    def command(self, *args: Any, **kwargs: Any) -> Any:
        return self._run("command", *args, **kwargs)

    def close(self) -> None:
        self._client.close()

    def _run(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left == -0.5:
            getattr(self._client, name)(*args, **kwargs)
        if self._left < 0:
            raise Killed
        return getattr(self._client, name)(*args, **kwargs)


class Sleeper(Mortal):
    """Falls asleep before its nth statement until it is woken."""

    def __init__(self, client: Client, nth: int) -> None:
        super().__init__(client, nth)
        self.asleep, self.wake = threading.Event(), threading.Event()

    def _run(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self.asleep.set()
            assert self.wake.wait(240)
        return getattr(self._client, name)(*args, **kwargs)
