"""The HTTP server: receives requests on loopback, runs each in a thread, answers like ClickHouse."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from aiohttp import web
from multidict import CIMultiDict

from deploy.engine.database import DISPLAY_NAME, Database
from deploy.engine.engine_call import EngineAnswer, EngineCall
from deploy.engine.engine_error import EngineError, engine_error
from deploy.engine.failure_log import FailureLog, printable
from deploy.engine.http.auth import BadCredentialsError, User, authenticate, read_credentials
from deploy.engine.http.compression import BadBodyError, choose, encoded
from deploy.engine.http.http_protocol import (
    AUTHENTICATION_FAILED,
    TIMEOUT_EXCEEDED,
    TOO_MANY_QUERIES,
    client_revision,
    content_type,
    query_id,
    read_call,
    status_of,
    summary,
)
from deploy.engine.http.request_checks import BadRequestError, TooLongError, check_request, read_request
from deploy.engine.idle_connections import IdleConnections
from deploy.engine.native.blocks import framed
from deploy.engine.running_queries import QueryTimeoutError, RunningQueries
from deploy.engine.thread_pools import BusyError, ThreadPool

MAX_BODY_BYTES = 1 << 30
THREADS = 8
# How long a reader waits for a thread, and the Retry-After of the answer after that.
WAIT_S, RETRY_AFTER_S = 3.0, 5
_UNLIMITED_S = 24 * 3600.0


class Server:
    """Answers requests from one Database for a set of users.

    Writers share one thread pool, and an insert continues when its client disconnects. Each read-only user has a pool
    of its own, so that slow queries of one do not delay those of another; a query ends when its client disconnects.
    """

    def __init__(self, database: Database, users: Mapping[str, User]) -> None:
        self._database = database
        self._users = users
        self._writers = ThreadPool("writer", THREADS, None)
        self._readers = {name: ThreadPool(name, THREADS, WAIT_S) for name, user in users.items() if user.readonly}
        self._codecs = ThreadPool("codecs", THREADS, None)
        self._queries = RunningQueries(database.kill)
        self.log = FailureLog()
        self.idle = IdleConnections()

    @property
    def running(self) -> int:
        """The number of calls that are running in the engine."""
        return sum(pool.running for pool in (self._writers, *self._readers.values()))

    async def drain(self, limit_s: float) -> None:
        """Wait until no call is running, at most `limit_s`; ending the queries takes a moment."""
        pools = (self._writers, *self._readers.values())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await asyncio.gather(*(pool.idle() for pool in pools))

    def application(self) -> web.Application:
        """Return the aiohttp application: `/ping` and `/replicas_status` without a user, `/` with one."""
        application = web.Application(client_max_size=MAX_BODY_BYTES)
        application.router.add_get("/ping", self._alive)
        application.router.add_get("/replicas_status", self._alive)
        application.router.add_route("*", "/", self._answer)
        application.on_shutdown.append(self._end_queries)
        return application

    async def _end_queries(self, _: web.Application) -> None:
        self._queries.end_all()

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="Ok.\n", headers=self._headers())

    async def _answer(self, http: web.Request) -> web.StreamResponse:
        self.idle.begin(http.transport)
        try:
            return await self._answered(http)
        finally:
            self.idle.end(http.transport)

    async def _answered(self, http: web.Request) -> web.StreamResponse:
        headers = self._headers()
        has_credentials = False
        try:
            parameters = check_request(http)
            headers["X-ClickHouse-Query-Id"] = query_id(parameters)
            credentials = read_credentials(http.headers, parameters)
            has_credentials = credentials is not None
            user = self._user(credentials)
            revision = client_revision(parameters)
            request = await read_request(http, parameters, user, MAX_BODY_BYTES, self._codecs)
            call = read_call(request, user)
            answer = EngineAnswer(b"Ok.\n", None) if call is None else await self._run(call, user)
            if answer.format == "Native" and revision:
                body = await (await self._codecs.start(lambda: framed(answer.body, revision)))
                answer = replace(answer, body=body)
        except (EngineError, BadBodyError, BadCredentialsError, BadRequestError, TooLongError) as error:
            return self._failed(_engine_error(error), headers, has_credentials)
        headers["X-ClickHouse-Summary"] = summary(answer)
        if answer.format is not None:
            headers["X-ClickHouse-Format"] = answer.format
        headers["Content-Type"] = content_type(answer.format)
        return await _compressed(http, answer, headers, self._codecs)

    def _headers(self) -> CIMultiDict[str]:
        zone = self._database.timezone
        return CIMultiDict({"X-ClickHouse-Timezone": zone, "X-ClickHouse-Server-Display-Name": DISPLAY_NAME})

    def _user(self, credentials: tuple[str, str] | None) -> User:
        user = authenticate(self._users, credentials)
        if user is None:
            name = printable(credentials[0] if credentials else "default", 60)
            why = f"{name}: Authentication failed: password is incorrect, or there is no user with such name."
            raise engine_error(AUTHENTICATION_FAILED, why, "AUTHENTICATION_FAILED")
        return user

    async def _run(self, call: EngineCall, user: User) -> EngineAnswer:
        if not user.readonly:
            # Shielded: a write continues in its thread when its client disconnects, and counts as running until then.
            return await asyncio.shield(await self._writers.start(lambda: self._database.run(call)))
        limit_s = self._database.limits.time_s if user.limited else _UNLIMITED_S
        try:
            return await self._queries.run(
                self._readers[user.name], call.mark, lambda: self._database.run(call), limit_s
            )
        except BusyError:
            why = f"All {THREADS} threads of user {user.name} are busy: try again in {RETRY_AFTER_S} s."
            raise engine_error(TOO_MANY_QUERIES, why, "TOO_MANY_SIMULTANEOUS_QUERIES") from None
        except QueryTimeoutError:
            why = f"Timeout exceeded: the query took longer than the {limit_s:g} s of a read-only user, and is ended."
            raise engine_error(TIMEOUT_EXCEEDED, why, "TIMEOUT_EXCEEDED") from None

    def _failed(self, error: EngineError, headers: CIMultiDict[str], has_credentials: bool) -> web.Response:
        first = str(error).partition("\n")[0]
        self.log.write(f"{headers.get('X-ClickHouse-Query-Id', '-')}: {first}")
        headers["X-ClickHouse-Exception-Code"] = str(error.code)
        headers["Content-Type"] = "text/plain; charset=UTF-8"
        status = status_of(error, has_credentials)
        if status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
        if error.code == TOO_MANY_QUERIES:
            headers["Retry-After"] = str(RETRY_AFTER_S)
        response = web.Response(status=status, body=f"{error}\n".encode("utf-8", "replace"), headers=headers)
        if status == 413:
            response.force_close()  # because the rest of the body is not read
        return response


def _engine_error(error: Exception) -> EngineError:
    match error:
        case EngineError():
            return error
        case TooLongError():
            return engine_error(307, str(error), "TOO_MANY_BYTES")
        case BadBodyError():
            return engine_error(117, str(error), "INCORRECT_DATA")
        case _:
            return engine_error(36, str(error), "BAD_ARGUMENTS")


async def _compressed(
    http: web.Request, answer: EngineAnswer, headers: CIMultiDict[str], threads: ThreadPool
) -> web.StreamResponse:
    """Answer with the result, compressed piece by piece if the client accepts that."""
    wanted = http.query.get("enable_http_compression") == "1"
    encoding = choose(http.headers.get("Accept-Encoding", "")) if wanted and answer.body else ""
    if not encoding:
        return web.Response(body=answer.body, headers=headers)
    headers["Content-Encoding"] = encoding
    response = web.StreamResponse(headers=headers)
    await response.prepare(http)
    async for piece in _pieces(answer.body, encoding, threads):
        await response.write(piece)
    await response.write_eof()
    return response


async def _pieces(body: bytes, encoding: str, threads: ThreadPool) -> AsyncIterator[bytes]:
    pieces = encoded(body, encoding)
    while (piece := await (await threads.start(lambda: next(pieces, None)))) is not None:
        if piece:
            yield piece
