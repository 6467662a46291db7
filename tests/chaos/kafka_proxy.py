"""A TCP proxy before Kafka: cuts and refuses connections, stalls traffic, and observes requests."""

import asyncio
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from deploy.ports import LOOPBACK, free_port
from tests.chaos.loop import LoopThread

CHUNK_BYTES = 1 << 16
FETCH = 1  # API key of a fetch request in the Kafka protocol
RECOVERY = "-recovery"  # suffix of the client id that reads changelogs
HEADER = struct.Struct(">ihhih")  # size, API key, API version, correlation id, length of the client id


@dataclass
class Watch:
    """`seen` is set after `left` more requests for changelog records."""

    left: int
    seen: threading.Event = field(default_factory=threading.Event)


class KafkaProxy:
    """`port` is what Kafka advertises to the workers; `upstream_port` is the listener behind it."""

    def __init__(self, thread: LoopThread) -> None:
        self._listening = socket.create_server((LOOPBACK, 0))  # reserves the port
        self.port: int = self._listening.getsockname()[1]
        self.upstream_port = free_port()
        self._thread = thread
        self._connections: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = []
        self._closed_until_s = 0.0
        self._watches: list[Watch] = []
        self._server: asyncio.Server | None = None
        self._flowing = asyncio.Event()

    def start(self) -> None:
        """Start accepting connections."""
        self._thread.run(self._start())

    def cut(self, chance: Random, share: float, away_s: float) -> int:
        """Cut a share of the connections, refuse new ones for `away_s`, and return how many were cut."""
        return self._thread.run(self._cut(chance, share, away_s))

    def stall(self, stalled: bool) -> None:
        """Hold back all bytes in both directions, or let them pass again."""
        self._thread.loop.call_soon_threadsafe(self._flowing.clear if stalled else self._flowing.set)

    def watch_recovery(self, requests: int) -> Watch:
        """Return a watch for the nth request for changelog records from now on."""
        watch = Watch(requests)
        self._thread.loop.call_soon_threadsafe(self._watches.append, watch)
        return watch

    async def _start(self) -> None:
        self._flowing.set()
        self._server = await asyncio.start_server(self._serve, sock=self._listening)

    async def _cut(self, chance: Random, share: float, away_s: float) -> int:
        self._closed_until_s = time.monotonic() + away_s
        chosen = [pair for pair in self._connections if chance.random() < share] or self._connections[:1]
        for pair in chosen:
            for writer in pair:
                writer.transport.abort()
        return len(chosen)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if time.monotonic() < self._closed_until_s:
                raise ConnectionRefusedError
            upstream_reader, upstream = await asyncio.open_connection(LOOPBACK, self.upstream_port)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, upstream)
        self._connections.append(pair)
        pumps = [
            asyncio.create_task(self._pump_requests(reader, upstream)),
            asyncio.create_task(self._pump(upstream_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._connections.remove(pair)
            for pump in pumps:
                pump.cancel()
            for one in pair:
                one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()

    async def _pump_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on whole requests, each observed first."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(HEADER.size)
                size, request, _, _, name_length = HEADER.unpack(head)
                rest = await reader.readexactly(size + 4 - HEADER.size)
                await self._flowing.wait()
                self._observe(request, rest[: max(0, name_length)].decode(errors="replace"))
                writer.write(head + rest)
                await writer.drain()

    def _observe(self, request: int, client: str) -> None:
        if request != FETCH or not client.endswith(RECOVERY):
            return
        for watch in self._watches:
            watch.left -= 1
            if watch.left <= 0:
                watch.seen.set()
        self._watches = [watch for watch in self._watches if watch.left > 0]
