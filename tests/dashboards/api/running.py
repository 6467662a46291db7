"""The API on a real port, in a thread with an event loop of its own."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import requests
import uvicorn

from dashboards.api.app import make_app
from dashboards.api.guard import Answered
from dashboards.api.reader.async_clickhouse import Server, connect_async
from dashboards.api.reader.connection import Connection
from dashboards.api.reader.lanes import Lane
from dashboards.api.reader.reader import Reader
from dashboards.api.security.profile_keys import ProfileKeys
from dashboards.api.security.roles import ROLES, Role
from dashboards.api.security.sessions import Sessions
from dashboards.api.security.tokens import ApiToken
from dashboards.api.services import ApiServices

SECRET = b"s" * 32
WAIT_S = 60.0
CLOSE_S = 5  # for streams that a browser still reads


@dataclass
class TokenList:
    """A TokenDirectory whose tokens are put into it."""

    tokens: dict[str, ApiToken] = field(default_factory=dict)
    why: str | None = None

    def find(self, key: str) -> ApiToken | None:
        found = self.tokens.get(key)
        return None if found is None or found.revoked else found

    def find_id(self, token_id: str) -> ApiToken | None:
        return next((self.find(key) for key, one in self.tokens.items() if one.token_id == token_id), None)

    def ready(self) -> str | None:
        return self.why


def tokens_of_roles(tenant: str = "main") -> TokenList:
    """Return a token `token-ROLE` of each role."""
    return TokenList({f"token-{role}": ApiToken(f"id-{role}", role, role, tenant, 0) for role in ROLES})


def make_services(server: Server, now_ms: Callable[[], int], half_life_ms: int, **more: Any) -> ApiServices:
    """Return services that query a server. Lanes have the places and limits of tests."""

    async def connect() -> Any:
        return await connect_async(server, 60, 8)

    async def kill(marker: str) -> None:
        """The embedded engine ends the query of a connection that is closed."""

    lanes = {"fast": Lane("fast", 4, 64, WAIT_S), "slow": Lane("slow", 2, 8, WAIT_S)}
    services = ApiServices(
        reader=Reader(Connection(connect, kill, now_ms), lanes),
        tokens=tokens_of_roles(),
        sessions=Sessions(SECRET, 0),
        profile_keys=ProfileKeys(SECRET),
        half_life_ms=half_life_ms,
        now_ms=now_ms,
    )
    return replace(services, **more)


@dataclass
class RunningApi:
    """A served application. `answered` are its reports, the oldest first."""

    services: ApiServices
    port: int
    answered: list[Answered]
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, role: Role | None = "analyst", **headers: str) -> requests.Response:
        """Return the answer to GET with the token of a role; without one for None."""
        sent = {"Authorization": f"Bearer token-{role}"} if role else {}
        return requests.get(self.url + path, headers={**sent, **headers}, timeout=WAIT_S, allow_redirects=False)

    def post(self, path: str, role: Role | None = "analyst", data: Any = None, **headers: str) -> requests.Response:
        """Return the answer to POST with a form."""
        sent = {"Authorization": f"Bearer token-{role}"} if role else {}
        return requests.post(self.url + path, data, headers={**sent, **headers}, timeout=WAIT_S, allow_redirects=False)


class _Server(uvicorn.Server):
    """uvicorn's server, which sets an event once it accepts connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def serving(make: Callable[[], ApiServices], extend: Any = ()) -> Iterator[RunningApi]:
    """Serve what `make` returns, which is called in the thread of the server's event loop."""
    started, holder = threading.Event(), {}

    async def serve() -> None:
        services = make()
        answered: list[Answered] = []
        config = uvicorn.Config(
            make_app(services, extend, answered.append),
            port=0,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=CLOSE_S,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve())
        await server.listening.wait()
        port = server.servers[0].sockets[0].getsockname()[1]
        holder["server"] = server
        holder["api"] = RunningApi(services, port, answered, asyncio.get_running_loop())
        started.set()
        await task
        await services.reader.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert started.wait(WAIT_S)
        yield holder["api"]
    finally:
        if "server" in holder:
            holder["server"].should_exit = True
        thread.join()
