"""Connections that send nothing are closed: those that never finish the head of a request, and those kept open.

aiohttp closes a connection that is kept open after a request, but waits for the first request without an end.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

IDLE_S: Final = 60.0


class Connection(Protocol):
    """What is used of aiohttp's RequestHandler."""

    @property
    def transport(self) -> asyncio.BaseTransport | None: ...


class IdleConnections:
    """Knows which connections are in a request, and closes those that have been in none for `limit_s`."""

    def __init__(self, limit_s: float = IDLE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit_s = limit_s
        self._clock = clock
        self._busy: set[asyncio.BaseTransport] = set()
        self._idle_since_s: dict[asyncio.BaseTransport, float] = {}

    def begin(self, transport: asyncio.BaseTransport | None) -> None:
        """A request of this connection begins: its head is complete."""
        if transport is not None:
            self._busy.add(transport)
            self._idle_since_s.pop(transport, None)

    def end(self, transport: asyncio.BaseTransport | None) -> None:
        """The request was answered."""
        if transport is not None:
            self._busy.discard(transport)

    def sweep(self, connections: Iterable[Connection]) -> int:
        """Close what has been idle for too long among the open connections; return how many those were."""
        now_s = self._clock()
        seen: dict[asyncio.BaseTransport, float] = {}
        closed = 0
        for connection in connections:
            transport = connection.transport
            if transport is None or transport in self._busy:
                continue
            since_s = self._idle_since_s.get(transport, now_s)
            if now_s - since_s >= self._limit_s:
                transport.close()
                closed += 1
            else:
                seen[transport] = since_s
        self._idle_since_s = seen
        return closed

    async def watch(self, connections: Callable[[], Iterable[Connection]]) -> None:
        """Sweep again and again, until cancelled."""
        while True:
            await asyncio.sleep(self._limit_s / 4)
            self.sweep(connections())
