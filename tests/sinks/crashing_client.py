"""Writers that crash or pause at a chosen statement."""

import threading
from typing import Any

from sinks.clickhouse.client import Client


class CrashError(Exception):
    """The crash of a process."""


class CrashingClient:
    """Sends `left` statements to ClickHouse and crashes; with `.5` the next one still runs, without an answer."""

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
            raise CrashError
        return getattr(self._client, name)(*args, **kwargs)


class PausingClient(CrashingClient):
    """Pauses before its nth statement until it is woken."""

    def __init__(self, client: Client, nth: int) -> None:
        super().__init__(client, nth)
        self.paused, self.resume = threading.Event(), threading.Event()

    def _run(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self.paused.set()
            assert self.resume.wait(240)
        return getattr(self._client, name)(*args, **kwargs)
