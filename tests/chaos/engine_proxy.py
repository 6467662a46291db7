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


class Action(Enum):
    """What the proxy does to a request."""

    ANSWER_ERROR = auto()
    HANG = auto()  # delay it, then pass it on
    CUT_BEFORE = auto()  # the engine never sees it
    CUT_MIDDLE = auto()  # the engine sees half of it
    CUT_AFTER = auto()  # the engine has executed it, but the worker gets no answer
    PASS = auto()  # pass it on; `done` is set when the worker has its answer
    NOTE = auto()  # pass it on; `done` is set before the engine receives it


@dataclass
class Injection:
    """An action on the next `left` matching requests, until it is withdrawn; `done` is set after the last one."""

    action: Action
    left: int = 1_000_000
    client_name: str = ""  # the worker; '' means all
    needle: bytes = b""  # a part of the statement
    code: int = 0
    status: int = 500
    hang_s: float = 0.0
    taken: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def matches(self, client_name: str, statement: bytes) -> bool:
        """Return whether the action applies to this request."""
        return self.left > 0 and self.client_name in ("", client_name) and self.needle in statement

    def take(self) -> None:
        """Count a request before the action, so that the next request may match the next injection."""
        self.left -= 1
        self.taken += 1

    def finish(self) -> None:
        """Set `done` after the last request."""
        if self.left <= 0:
            self.done.set()


class EngineProxy:
    """Proxy before the engine, with a port per worker, so that an injection can apply to one worker alone.

    `refused` counts the engine's own errors by ClickHouse's code, without those of the proxy.
    """

    def __init__(self, thread: LoopThread, engine_port: int) -> None:
        self._thread = thread
        self._engine = URL(f"http://{LOOPBACK}:{engine_port}/")
        self._engine_port = engine_port
        self._ports: dict[str, int] = {}
        self._injections: list[Injection] = []
        self._runners: list[web.AppRunner] = []
        self._session: ClientSession | None = None
        self.refused: Counter[int] = Counter()

    def port_for(self, name: str) -> int:
        """Return the port for a worker; the first call opens it."""
        if name not in self._ports:
            self._ports[name] = self._thread.run(self._open(name))
        return self._ports[name]

    def inject(self, injection: Injection) -> Injection:
        """Apply an injection from now on."""
        self._injections = [*(one for one in self._injections if one.left > 0), injection]
        return injection

    def withdraw(self, injection: Injection) -> None:
        """Stop applying an injection."""
        injection.left = 0

    def stop(self) -> None:
        """Close all ports."""
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

    async def _answer(self, client_name: str, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        statement = request.query.get("query", "").encode() + body[:400]
        injection = next((one for one in self._injections if one.matches(client_name, statement)), None)
        if injection is None:
            return await self._pass_on(request, body)
        injection.take()
        try:
            return await self._carry_out(injection, request, body)
        finally:
            injection.finish()

    async def _carry_out(self, injection: Injection, request: web.Request, body: bytes) -> web.StreamResponse:
        if injection.action is Action.HANG:
            await asyncio.sleep(injection.hang_s)
            return await self._pass_on(request, body)
        if injection.action is Action.NOTE:
            injection.done.set()
            return await self._pass_on(request, body)
        if injection.action is Action.CUT_AFTER:
            await self._ask(request, body)
            return _cut(request)
        if injection.action is Action.PASS:
            answer = await self._pass_on(request, body)
            await answer.prepare(request)
            await answer.write_eof()
            return answer
        if injection.action is Action.CUT_MIDDLE:
            await self._send_half(request, body)
        return _error(injection) if injection.action is Action.ANSWER_ERROR else _cut(request)

    async def _pass_on(self, request: web.Request, body: bytes) -> web.StreamResponse:
        answer = await self._ask(request, body)
        return _cut(request) if answer is None else answer

    async def _ask(self, request: web.Request, body: bytes) -> web.Response | None:
        """Return the engine's answer; None if it cannot be reached."""
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
        """Announce the whole body to the engine and send half of it."""
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
    """Abort the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)  # never delivered


def _error(injection: Injection) -> web.Response:
    """Return an error in ClickHouse's wording; without a code, in that of a gateway."""
    if not injection.code:
        return web.Response(status=injection.status, text="upstream connect error\n")
    text = f"Code: {injection.code}. DB::Exception: Made by the chaos proxy. (CHAOS)\n"
    return web.Response(status=injection.status, text=text, headers={CODE: str(injection.code)})
