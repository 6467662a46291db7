"""uvicorn's protocol with the limits that it lacks: size of the head, time for head and body, number of connections.

A connection records when it began to wait for what; a sweep of all connections once a second compares that with the
limits. No timer is set or cancelled for a request. `tests/house` compares the methods that are overridden with those of
the installed version.
"""

import asyncio
from typing import Any, Final, Protocol, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from sources.collector.config import ConnectionLimits
from sources.collector.refusal import Refusal, RefusalReason, answer_refusal

_HEADER_EXTRA: Final = 4  # of `: ` and the line's end
_TOO_MANY: Final = Refusal(RefusalReason.TOO_MANY_CONNECTIONS, "too many connections; try again", retry_after_s=2)
_BAD_HTTP: Final = Refusal(RefusalReason.BAD_HTTP, "the request is not valid by HTTP/1.1 (RFC 9112)")
_MOST_PIPELINED: Final = 100  # requests behind one that is not answered yet; each takes some kB
_TOO_MANY_BEHIND: Final = Refusal(
    RefusalReason.BAD_REQUEST, f"more than {_MOST_PIPELINED} requests before an answer; read the answers"
)
_LONGEST_FRAMING: Final = 65_536  # bytes of chunk extensions and trailers without a byte of the body
_SLOW_HEAD: Final = Refusal(RefusalReason.TOO_SLOW, "the head of the request took too long")
_SLOW_BODY: Final = Refusal(RefusalReason.TOO_SLOW, "the body of the request took too long")


class ConnectionCounts(Protocol):
    """What a server counts of its connections."""

    connections: int

    def count_refusal(self, reason: RefusalReason) -> None:
        """Count a request or a connection that is refused."""


class ConnectionWatch:
    """The limits, the clock and the counts that all connections of a server share."""

    def __init__(self, limits: ConnectionLimits, metrics: ConnectionCounts) -> None:
        self.limits = limits
        self.metrics = metrics
        self.now_s = 0.0  # monotonic, as of the last sweep

    def sweep(self, connections: "set[Any]", now_s: float) -> None:
        """Set the clock, and end every connection that exceeds a limit of time."""
        self.now_s = now_s
        self.metrics.connections = len(connections)
        for connection in list(connections):
            connection.check_time()


class LimitedProtocol(HttpToolsProtocol):
    """A connection of the collector or of another server."""

    watch: ConnectionWatch  # set by `limited_protocol`

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._limits = self.watch.limits
        self._waits_for = "request"  # then its "head", its "body", and the "answer" of the app
        self._since_s = self._heard_s = self.watch.now_s
        self._fed_bytes = 0  # in the piece that is being parsed
        self._head_bytes = 0  # of the head so far, without the piece in which it began
        self._head_began = False  # in the piece that is being parsed
        self._body_bytes = 0
        self._body_came = False  # in the piece that is being parsed
        self._framing_bytes = 0  # since the last byte of the body
        self._refusal = _BAD_HTTP
        self._ended = False  # nothing more is read

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuse the connection if there are too many."""
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) > self._limits.connections:
            self._refuse(_TOO_MANY)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and limit by the pieces they take what the parser keeps or skips: a head that is incomplete,
        and what a chunked body has besides its content."""
        if self._ended or self.transport.is_closing():
            return
        self._heard_s = self.watch.now_s
        if self._waits_for == "request":
            self._waits_for, self._since_s = "head", self.watch.now_s
        self._fed_bytes = len(data)
        self._head_began = self._body_came = False
        in_body = self._waits_for == "body"
        super().data_received(data)
        if self._waits_for == "head":
            self._head_bytes = self._measure_head() if self._head_began else self._head_bytes + len(data)
            if self._head_bytes > self._limits.head_bytes:
                self._refuse(_head_too_large(self._limits.head_bytes))
        elif in_body and not self._head_began:
            self._framing_bytes = 0 if self._body_came else self._framing_bytes + len(data)
            if self._framing_bytes > _LONGEST_FRAMING:
                self._refuse(_BAD_HTTP)

    def on_message_begin(self) -> None:
        """Begin a head; pipelined ones begin while the answer before is still missing."""
        self._waits_for, self._since_s = "head", self.watch.now_s
        self._head_bytes, self._head_began = 0, True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; drop a trailer, which may not stand for a header (RFC 9110, section 6.5.1)."""
        if self._waits_for != "body":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Refuse a head that arrived at once and is too large; its exact size is computed only where it may be.

        Refuse also a request behind too many that are not answered: the parser reads all of a piece at once.
        """
        limit_bytes = self._limits.head_bytes
        if self._head_bytes + self._fed_bytes > limit_bytes and self._measure_head() > limit_bytes:
            self._refusal = _head_too_large(limit_bytes)
            raise ValueError(self._refusal.detail)  # ends the parser, and data_received calls send_400_response
        if len(self.pipeline) >= _MOST_PIPELINED:
            self._refusal = _TOO_MANY_BEHIND
            raise ValueError(self._refusal.detail)
        super().on_headers_complete()
        self._body_bytes = self._framing_bytes = 0
        self._waits_for, self._since_s = "body", self.watch.now_s

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, or drop it if the answer has been sent; an endless one ends the connection."""
        self._body_bytes += len(body)
        self._body_came = True
        if self._body_bytes > self._limits.discarded_bytes and self.cycle.response_complete:
            self.transport.close()
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the answer, or for the next request if the answer came first."""
        self._waits_for = "request" if self.cycle.response_complete else "answer"
        self._since_s = self.watch.now_s
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, without uvicorn's timer of keep-alive: the sweep replaces it."""
        super().on_response_complete()
        self._unset_keepalive_if_required()
        if self._waits_for == "answer" and self.cycle.response_complete:  # no other request is in the pipeline
            self._waits_for, self._since_s = "request", self.watch.now_s

    def send_400_response(self, msg: str) -> None:
        """Answer in our form what the parser refuses."""
        self._refuse(self._refusal)

    def check_time(self) -> None:
        """End the connection if what it waits for has taken too long."""
        waited_s = self.watch.now_s - self._since_s
        silent_s = self.watch.now_s - self._heard_s
        if self._waits_for == "head" and waited_s > self._limits.head_s:
            self._refuse(_SLOW_HEAD)
        elif self._waits_for == "body" and (waited_s > self._limits.body_s or silent_s > self._limits.idle_body_s):
            self._refuse(_SLOW_BODY)
        elif self._waits_for == "request" and waited_s > self._idle_limit_s():
            self.transport.close()

    def _idle_limit_s(self) -> float:
        """Return how long the connection may be open without a request: a new one has to send its first."""
        return self._limits.head_s if self.cycle is None else self._limits.keep_alive_s

    def _measure_head(self) -> int:
        """Return the size of the head so far, without a header that is not complete."""
        return len(self.url) + sum(len(name) + len(value) + _HEADER_EXTRA for name, value in self.headers)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer and close. Requests before, whose answers are still missing, are answered first and it is not."""
        if self._ended or self.transport.is_closing():
            return
        self._ended = True
        self.watch.metrics.count_refusal(refusal.reason)
        cycle = self.cycle
        answered = cycle is None or cycle.response_complete
        if self._waits_for == "head" and not answered:
            self._waits_for = "answer"
            cycle.keep_alive = False
            return
        owed = self._waits_for in ("request", "head") if answered else not cycle.response_started
        if owed:
            self.transport.write(_as_http(refusal))
        if not answered:
            cycle.disconnected = True  # the app gets `http.disconnect` and returns
            cycle.message_event.set()
        self.transport.close()


def limited_protocol(watch: ConnectionWatch) -> type[LimitedProtocol]:
    """Return the protocol class of one server, as uvicorn's setting `http` takes it."""
    return type("LimitedProtocol", (LimitedProtocol,), {"watch": watch})


def _head_too_large(limit_bytes: int) -> Refusal:
    return Refusal(RefusalReason.HEAD_TOO_LARGE, f"the head of the request has more than {limit_bytes} bytes")


def _as_http(refusal: Refusal) -> bytes:
    """Return a refusal as the bytes of an answer."""
    answer = answer_refusal(refusal)
    headers = (
        (b"content-type", answer.content_type.encode()),
        (b"content-length", b"%d" % len(answer.body)),
        (b"connection", b"close"),
        *answer.headers,
    )
    head = b"".join(b"%s: %s\r\n" % header for header in headers)
    return STATUS_LINE[answer.status] + head + b"\r\n" + answer.body
