"""Connections and name look-ups that this process attempts, by Python's audit events."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_running: list[list[str]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not _running or event not in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "open"):
        return
    target = arguments[1] if event == "socket.connect" else arguments[0]
    _running[-1].append(f"{event} {target}")


sys.addaudithook(_note)  # of the process, which keeps it to its end


@contextmanager
def attempted() -> Iterator[list[str]]:
    """Yield a list to which each attempt in the block is appended: the event and its target, also files opened."""
    found: list[str] = []
    _running.append(found)
    try:
        yield found
    finally:
        _running.remove(found)
