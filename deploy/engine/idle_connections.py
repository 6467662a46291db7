"""Closes idle connections: those that never complete the head of a request, and those kept open after one.

aiohttp closes connections that are kept open after a request, but waits for the first request without a limit.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

IDLE_S: Final = 60.0


class Connection(Protocol):
    """The used part of aiohttp's RequestHandler."""

    @property
    def transport(self) -> asyncio.BaseTransport | None: ...


class IdleConnections:
    """Tracks which connections are in a request, and closes those that have been in none for `limit_s`."""

    def __init__(self, limit_s: float = IDLE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit_s = limit_s
        self._clock = clock
        self._busy: set[asyncio.BaseTransport] = set()
        self._idle_since_s: dict[asyncio.BaseTransport, float] = {}

    def begin(self, transport: asyncio.BaseTransport | None) -> None:
        """Record that a request of this connection has begun: its head is complete."""
        if transport is not None:
            self._busy.add(transport)
            self._idle_since_s.pop(transport, None)

    def end(self, transport: asyncio.BaseTransport | None) -> None:
        """Record that the request was answered."""
        if transport is not None:
            self._busy.discard(transport)

    def sweep(self, connections: Iterable[Connection]) -> int:
        """Close the connections that have been idle for too long; return how many."""
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
        """Sweep periodically until cancelled."""
        while True:
            await asyncio.sleep(self._limit_s / 4)
            self.sweep(connections())
