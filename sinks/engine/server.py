"""The HTTP server: takes requests on loopback, runs each in a thread, answers as ClickHouse does."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from multidict import CIMultiDict

from sinks.engine.compression import BadBodyError, choose, decode, encode
from sinks.engine.database import Answer, Database, EngineError, refused
from sinks.engine.log import log_line
from sinks.engine.users import User, authenticate, claimed
from sinks.engine.wire import AUTHENTICATION_FAILED, Request, content_type, query_id, read_call, status_of, summary

MAX_BODY_BYTES = 1 << 30
# Readers and writers wait in lines of their own: slow reports never hold up what is being stored.
_THREADS = 8


class Server:
    """Answers requests from one Database for a set of users; `running` is how many calls the engine works on."""

    def __init__(self, database: Database, users: Mapping[str, User]) -> None:
        self._database = database
        self._users = users
        self._readers = ThreadPoolExecutor(_THREADS, "reader")
        self._writers = ThreadPoolExecutor(_THREADS, "writer")
        self.running = 0

    def application(self) -> web.Application:
        """Return the aiohttp application: `/ping` and `/replicas_status` without a user, `/` with one."""
        application = web.Application(client_max_size=MAX_BODY_BYTES)
        application.router.add_get("/ping", self._alive)
        application.router.add_get("/replicas_status", self._alive)
        application.router.add_route("*", "/", self._answer)
        return application

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="Ok.\n", headers=self._headers())

    async def _answer(self, http: web.Request) -> web.Response:
        headers = self._headers()
        parameters = dict(http.query)
        headers["X-ClickHouse-Query-Id"] = query_id(parameters)
        claim = claimed(http.headers, parameters)
        try:
            user = self._user(claim)
            request = await self._read(http, parameters)
            answer = await self._run(request, user)
        except (EngineError, BadBodyError) as error:
            told = error if isinstance(error, EngineError) else refused(117, str(error), "INCORRECT_DATA")
            return _failed(told, headers, claim is not None)
        headers["X-ClickHouse-Summary"] = summary(answer)
        if answer.format is not None:
            headers["X-ClickHouse-Format"] = answer.format
        headers["Content-Type"] = content_type(answer.format)
        return await self._packed(http, answer, headers)

    def _headers(self) -> CIMultiDict[str]:
        zone = self._database.timezone
        return CIMultiDict({"X-ClickHouse-Timezone": zone, "X-ClickHouse-Server-Display-Name": "engine"})

    def _user(self, claim: tuple[str, str] | None) -> User:
        user = authenticate(self._users, claim)
        if user is None:
            name = claim[0] if claim else "default"
            why = f"{name}: Authentication failed: password is incorrect, or there is no user with such name."
            raise refused(AUTHENTICATION_FAILED, why, "AUTHENTICATION_FAILED")
        return user

    async def _read(self, http: web.Request, parameters: dict[str, str]) -> Request:
        if http.content_type == "multipart/form-data":
            return Request(http.method, http.headers, parameters | await _fields(http), b"")
        body = await http.read()
        encoding = http.headers.get("Content-Encoding", "").strip().lower()
        if encoding:
            body = await asyncio.get_running_loop().run_in_executor(self._writers, decode, body, encoding)
        return Request(http.method, http.headers, parameters, body)

    async def _run(self, request: Request, user: User) -> Answer:
        call = read_call(request, user)
        if call is None:
            return Answer(b"Ok.\n", None)
        threads = self._readers if call.readonly else self._writers
        running = asyncio.get_running_loop().run_in_executor(threads, self._database.run, call)
        self.running += 1
        running.add_done_callback(self._ended)
        # Shielded: the call goes on in its thread when its client goes away, and counts as running as long.
        return await asyncio.shield(running)

    def _ended(self, _: asyncio.Future[Answer]) -> None:
        self.running -= 1

    async def _packed(self, http: web.Request, answer: Answer, headers: CIMultiDict[str]) -> web.Response:
        wanted = http.query.get("enable_http_compression") == "1"
        encoding = choose(http.headers.get("Accept-Encoding", "")) if wanted and answer.body else ""
        body = answer.body
        if encoding:
            headers["Content-Encoding"] = encoding
            body = await asyncio.get_running_loop().run_in_executor(self._readers, encode, body, encoding)
        return web.Response(body=body, headers=headers)


async def _fields(http: web.Request) -> dict[str, str]:
    """Read the fields of a form as parameters; tables sent along as files are not taken."""
    fields = {}
    for name, value in (await http.post()).items():
        if not isinstance(value, str):
            raise refused(48, f"External data ({name}) is not supported by the embedded engine.", "NOT_IMPLEMENTED")
        fields[name] = value
    return fields


def _failed(error: EngineError, headers: CIMultiDict[str], named: bool) -> web.Response:
    first = str(error).partition("\n")[0]
    log_line(f"{headers['X-ClickHouse-Query-Id']}: {first[:500]}")
    headers["X-ClickHouse-Exception-Code"] = str(error.code)
    headers["Content-Type"] = "text/plain; charset=UTF-8"
    status = status_of(error, named)
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
    return web.Response(status=status, body=f"{error}\n".encode(), headers=headers)
