"""A collector in the process of a test, with a sink in memory, and clients for it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sources.collector.access_log import AccessLog
from sources.collector.config import CollectorConfig
from sources.collector.hook_services import HookServices
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.key_format import hash_key, make_key
from sources.collector.keys.key_table import KeyTable
from sources.collector.keys.rates import RateLimiter
from sources.collector.metrics import CollectorMetrics
from sources.collector.server import CollectorServer, listen, make_server
from sources.collector.services import Services
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.sdks.view_times import ViewTimes
from touchline.collector.contract_check import contract_check
from touchline.collector.hooks import make_hook_services
from touchline.settings import read_settings

KEY = make_key(b"shop" + bytes(17))
ENTRY = KeyEntry("k-shop", "main", "shop", (), (), 0, 1_700_000_000_000)


class MemorySink:
    """A sink that keeps records in memory, and is away while `away` is a text."""

    def __init__(self) -> None:
        self.records: list[RawRecord] = []
        self.away = ""
        self.largest_bytes = 1_000_000
        self.gate: asyncio.Event | None = None
        self.asked = asyncio.Event()

    async def commit(self, records: Sequence[RawRecord]) -> None:
        """Keep the records, when the gate is open if there is one."""
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.away:
            raise SinkUnavailable(self.away, 3)
        large = [n for n, record in enumerate(records) if len(record.value) > self.largest_bytes]
        self.records.extend(record for n, record in enumerate(records) if n not in large)
        if large:
            raise RecordsTooLarge(large)

    def ready(self) -> str | None:
        """Return why it takes no records."""
        return self.away or None

    @property
    def touches(self) -> list[dict[str, Any]]:
        """The records' values."""
        return [json.loads(record.value) for record in self.records]


def make_services(config: CollectorConfig | None = None, *entries: tuple[str, KeyEntry]) -> tuple[Services, MemorySink]:
    """Return services with a sink in memory and the write key KEY."""
    settings = read_settings()
    sink, keys, check = MemorySink(), KeyTable(), contract_check(settings)
    for key, entry in ((KEY, ENTRY), *entries):
        keys.put(hash_key(key), entry)
    hooks = make_hook_services(settings)
    return Services(
        keys, RateLimiter(), sink, CollectorMetrics(), config or CollectorConfig(), check, hooks, ViewTimes()
    ), sink


@dataclass
class Reply:
    """An answer as a client reads it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Collector:
    """A running collector."""

    port: int
    server: CollectorServer
    services: Services
    sink: MemorySink
    closed: list[str] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def exchange(self, sent: bytes) -> bytes:
        """Return everything that the collector answers to these bytes until it closes the connection."""
        reader, writer = await self.connect()
        writer.write(sent)
        try:
            return await reader.read()
        finally:
            writer.close()

    async def request(
        self, method: str, path: str, body: bytes | Any = b"", headers: dict[str, str] | None = None, key: str = KEY
    ) -> Reply:
        """Return the answer to one request. A body that is no bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"host": "collector", "connection": "close", "content-length": str(len(content))} | (headers or {})
        if key:
            fields.setdefault("authorization", f"Bearer {key}")
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return parse_reply(await self.exchange(head.encode() + b"\r\n" + content))

    async def post(self, path: str, body: bytes | Any, headers: dict[str, str] | None = None, key: str = KEY) -> Reply:
        """Return the answer to a POST."""
        return await self.request("POST", path, body, headers, key)


async def wait_until(condition: Callable[[], object], limit_s: float = 60) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - of any kind
            await asyncio.sleep(0.002)


def parse_reply(raw: bytes) -> Reply:
    """Return the first answer of what a connection sent."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Reply(int(first.split()[1]), headers, body)


@asynccontextmanager
async def running_collector(
    config: CollectorConfig | None = None,
    *entries: tuple[str, KeyEntry],
    access_log: AccessLog | None = None,
    hooks: HookServices | None = None,
) -> AsyncIterator[Collector]:
    """Run a collector until the block ends."""
    services, sink = make_services(config, *entries)
    services = services._replace(hooks=hooks) if hooks else services
    closed: list[str] = []

    async def close() -> None:
        closed.append("closed")

    server = make_server(services, access_log or AccessLog(None), close)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.listening.wait()
    try:
        yield Collector(port, server, services, sink, closed)
    finally:
        server.should_exit = True
        await serving
