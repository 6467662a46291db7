"""The HTTP answer with events, on a real server."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards.live import event_stream
from dashboards.live.audience import Audience
from dashboards.live.event_stream import EventStream
from tests.dashboards.live.watching import Watched, events_in, last_id
from tests.sinks.sample_blocks import event_block, wait_until


@asynccontextmanager
async def served(watched: Watched, may_stay: Callable[[], bool] = lambda: True) -> AsyncIterator[str]:
    """Serve the hub, and yield the address of its events."""

    async def live(request: Request) -> Response:
        await request.body()
        last_event_id = request.headers.get("last-event-id", "")
        subscription = watched.hub.subscribe("main", Audience.CLEAR, last_event_id)
        return EventStream(watched.hub, subscription, may_stay)

    listener = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=[Route("/v1/live", live)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        await wait_until(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1/live"
    finally:
        server.should_exit = server.force_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def read_until(response: aiohttp.ClientResponse, name: str) -> bytes:
    """Read until an event of this name has come."""
    data = b""
    async with asyncio.timeout(60):
        while f"event: {name}\n".encode() not in data or not data.endswith(b"\n\n"):
            data += await response.content.readany()
    return data


async def test_events_are_streamed_and_resumed() -> None:
    watched = Watched()
    async with served(watched) as url, aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert response.headers["cache-control"] == "no-store"
            hello = await read_until(response, "hello")
            assert hello.startswith(b"retry: ")
            watched.hub.take(event_block("main", 0, range(1)), watched.now_ms)
            watched.flush()
            seen = await read_until(response, "touches")
        await wait_until(lambda: not watched.hub.viewers)
        watched.hub.take(event_block("main", 0, range(1, 3)), watched.now_ms)
        watched.flush()
        async with session.get(url, headers={"Last-Event-ID": last_id(seen)}) as response:
            events = events_in(await read_until(response, "touches"))
        assert events[0][0] == "touches"
        assert len(events[0][1]["touches"]) == 2


async def test_streams_end_when_the_process_stops() -> None:
    watched = Watched()
    async with served(watched) as url, aiohttp.ClientSession() as session, session.get(url) as response:
        await read_until(response, "hello")
        watched.hub.close()
        assert await response.content.read() == b""
        assert not watched.hub.viewers


async def test_a_viewer_whose_token_was_revoked_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "CHECK_EVERY_S", 0.01)
    watched, revoked = Watched(), asyncio.Event()
    async with (
        served(watched, lambda: not revoked.is_set()) as url,
        aiohttp.ClientSession() as session,
        session.get(url) as response,
    ):
        await read_until(response, "hello")
        revoked.set()
        assert await response.content.read() == b""
        await wait_until(lambda: not watched.hub.viewers)


async def test_a_viewer_that_does_not_read_is_dropped() -> None:
    watched = Watched()
    async with served(watched) as url:
        host, port = url.removeprefix("http://").split("/")[0].split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1_024)
        writer.write(b"GET /v1/live HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"event: hello")
        number = 0
        while watched.hub.viewers:  # the buffers of both sockets fill up first
            watched.hub.take(event_block("main", 0, range(number, number + 20)), watched.now_ms)
            number += 20
            watched.flush()
            await asyncio.sleep(0)
        writer.close()
