"""A load of HTTP requests over raw sockets: kept connections, on each one request at a time, as clients send them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "


class LoadError(RuntimeError):
    """A request that was not answered with 200; the message has the answer."""


class _Connection(asyncio.Protocol):
    """Sends a request whenever the answer to the one before is complete."""

    def __init__(self, load: "HttpLoad") -> None:
        self._load = load
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        head_end = received.find(_HEAD_END)
        if head_end < 0 or len(received) < head_end + len(_HEAD_END) + _body_bytes(received[:head_end]):
            self._received = received
            return
        self._received = b""
        if not received.startswith(b"HTTP/1.1 200 "):
            self._load.fail(received.decode("latin-1")[:500])
        self._load.answered += 1
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.closed(error)

    def _send(self) -> None:
        assert self._transport is not None
        if self._load.stopping:
            self._transport.close()
        else:
            self._transport.write(self._load.next_request())


def _body_bytes(head: bytes) -> int:
    head = head.lower() + b"\r\n"
    at = head.find(_LENGTH)
    return int(head[at + len(_LENGTH) : head.index(b"\r\n", at)]) if at >= 0 else 0


class HttpLoad:
    """Requests on a number of connections to 127.0.0.1; `answered` counts the answers so far.

    `body_of` returns the body of the request of a number. Raises LoadError from `run` if an answer is not 200.
    """

    def __init__(
        self,
        port: int,
        path: str,
        headers: str,
        body_of: Callable[[int], bytes],
        connections: int,
        method: str = "POST",
    ) -> None:
        self.answered = 0
        self.stopping = False
        self._port = port
        self._head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}Content-Length: ".encode()
        self._body_of = body_of
        self._connections = connections
        self._sent = 0
        self._failure = ""
        self._open = 0
        self._ended = asyncio.Event()

    async def run(self, seconds: float, cpu_s: Callable[[], float]) -> float:
        """Send for a while and return the answered requests per CPU second, which `cpu_s` reads.

        The first second is not counted.
        """
        loop = asyncio.get_running_loop()
        for _ in range(self._connections):
            self._open += 1
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
        await asyncio.sleep(1.0)
        before, begun_cpu_s = self.answered, cpu_s()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)  # a load that fails ends before
        answered, used_s = self.answered - before, cpu_s() - begun_cpu_s
        self.stopping = True
        await self._ended.wait()
        if self._failure:
            raise LoadError(self._failure)
        return answered / used_s

    def next_request(self) -> bytes:
        """Return the next request."""
        body = self._body_of(self._sent)
        self._sent += 1
        return b"%s%d\r\n\r\n%s" % (self._head, len(body), body)

    def fail(self, answer: str) -> None:
        """End the load, because an answer is not 200."""
        self._failure = self._failure or answer
        self.stopping = True

    def closed(self, error: Exception | None) -> None:
        """Count a closed connection."""
        self._open -= 1
        if not self.stopping:
            self.fail(f"a connection was closed ({error})")
        if not self._open:
            self._ended.set()
