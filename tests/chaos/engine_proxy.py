"""An HTTP proxy before the engine: answers errors in its place, hangs, and cuts connections at chosen moments."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from yarl import URL

from deploy.ports import LOOPBACK
from tests.chaos.loop import LoopThread

LARGEST_BYTES: Final = 1 << 30
CODE: Final = "X-ClickHouse-Exception-Code"
HOPS: Final = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})


class Deed(Enum):
    """What is done to a request."""

    ANSWER_ERROR = auto()
    HANG = auto()  # hold it back for a while, then pass it on
    CUT_BEFORE = auto()  # the engine never sees it
    CUT_MIDDLE = auto()  # the engine sees half of it
    CUT_AFTER = auto()  # the engine has carried it out, the worker does not hear of it
    PASS = auto()  # nothing; whoever waits for `met` knows that the worker has its answer
    NOTE = auto()  # nothing; whoever waits for `met` knows that the engine is being asked


@dataclass
class Order:
    """Done to `left` requests that match, or until it is withdrawn; `met` is set after the last of them."""

    deed: Deed
    left: int = 1_000_000
    door: str = ""  # of one worker; '' for everybody's
    needle: bytes = b""  # in the statement
    code: int = 0
    status: int = 500
    hang_s: float = 0.0
    taken: int = 0
    met: threading.Event = field(default_factory=threading.Event)

    def matches(self, door: str, statement: bytes) -> bool:
        """Whether this request is meant."""
        return self.left > 0 and self.door in ("", door) and self.needle in statement

    def take(self) -> None:
        """One more is being done: the next request may be for the next order."""
        self.left -= 1
        self.taken += 1

    def finish(self) -> None:
        """It is done."""
        if self.left <= 0:
            self.met.set()


class EngineProxy:
    """Each worker has a door of its own, a port, so that what is done can be done to it alone.

    `refused` counts the engine's own errors by ClickHouse's code; those made here are not in it.
    """

    def __init__(self, thread: LoopThread, engine_port: int) -> None:
        self._thread = thread
        self._engine = URL(f"http://{LOOPBACK}:{engine_port}/")
        self._engine_port = engine_port
        self._doors: dict[str, int] = {}
        self._orders: list[Order] = []
        self._runners: list[web.AppRunner] = []
        self._session: ClientSession | None = None
        self.refused: Counter[int] = Counter()

    def door(self, name: str) -> int:
        """The port of that door, opened when it is first asked for."""
        if name not in self._doors:
            self._doors[name] = self._thread.run(self._open(name))
        return self._doors[name]

    def order(self, order: Order) -> Order:
        """Have it done from now on."""
        self._orders = [*(one for one in self._orders if one.left > 0), order]
        return order

    def withdraw(self, order: Order) -> None:
        """Have it done no more."""
        order.left = 0

    def stop(self) -> None:
        """Close the doors."""
        self._thread.run(self._stop())

    async def _open(self, name: str) -> int:
        if self._session is None:
            connector = TCPConnector(limit=0, force_close=True)
            self._session = ClientSession(
                connector=connector, auto_decompress=False, timeout=ClientTimeout(total=None),
                cookie_jar=DummyCookieJar(), skip_auto_headers=("User-Agent", "Accept", "Content-Type"),
            )  # fmt: skip
        app = web.Application(client_max_size=LARGEST_BYTES)

        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(name, request)

        app.router.add_route("*", "/{rest:.*}", answer)
        runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, 0).start()
        self._runners.append(runner)
        return int(runner.addresses[0][1])

    async def _stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def _answer(self, door: str, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        statement = request.query.get("query", "").encode() + body[:400]
        order = next((one for one in self._orders if one.matches(door, statement)), None)
        if order is None:
            return await self._pass_on(request, body)
        order.take()
        try:
            return await self._carry_out(order, request, body)
        finally:
            order.finish()

    async def _carry_out(self, order: Order, request: web.Request, body: bytes) -> web.StreamResponse:
        if order.deed is Deed.HANG:
            await asyncio.sleep(order.hang_s)
            return await self._pass_on(request, body)
        if order.deed is Deed.NOTE:
            order.met.set()
            return await self._pass_on(request, body)
        if order.deed is Deed.CUT_AFTER:
            await self._ask(request, body)
            return _cut(request)
        if order.deed is Deed.PASS:
            answer = await self._pass_on(request, body)
            await answer.prepare(request)
            await answer.write_eof()
            return answer
        if order.deed is Deed.CUT_MIDDLE:
            await self._send_half(request, body)
        return _error(order) if order.deed is Deed.ANSWER_ERROR else _cut(request)

    async def _pass_on(self, request: web.Request, body: bytes) -> web.StreamResponse:
        answer = await self._ask(request, body)
        return _cut(request) if answer is None else answer

    async def _ask(self, request: web.Request, body: bytes) -> web.Response | None:
        """What the engine answers; None if it is away."""
        assert self._session is not None
        url = URL(f"{str(self._engine).rstrip('/')}{request.raw_path}", encoded=True)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOPS}
        try:
            async with self._session.request(request.method, url, headers=headers, data=body or None) as answer:
                text = await answer.read()
                kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOPS}
                if code := answer.headers.get(CODE):
                    self.refused[int(code)] += 1
                return web.Response(status=answer.status, body=text, headers=kept)
        except (ClientError, OSError):
            return None

    async def _send_half(self, request: web.Request, body: bytes) -> None:
        """Tell the engine of the whole body, and give it half."""
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self._engine_port)
        except OSError:
            return
        lines = [f"{request.method} {request.raw_path} HTTP/1.1", f"Host: {LOOPBACK}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in request.headers.items() if name.lower() not in HOPS]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body[: len(body) // 2])
        try:
            await writer.drain()
        finally:
            writer.transport.abort()


def _cut(request: web.Request) -> web.Response:
    """End the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)  # nobody hears it


def _error(order: Order) -> web.Response:
    """As ClickHouse words it; without a code, as a gateway before it does."""
    if not order.code:
        return web.Response(status=order.status, text="upstream connect error\n")
    told = f"Code: {order.code}. DB::Exception: Made by the chaos proxy. (CHAOS)\n"
    return web.Response(status=order.status, text=told, headers={CODE: str(order.code)})
