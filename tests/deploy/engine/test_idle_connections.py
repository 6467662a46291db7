"""Connections that send nothing are closed."""

import asyncio
import socket

import urllib3
from aiohttp import ClientSession, web

from deploy.engine.idle_connections import IdleConnections
from tests.deploy.engine.engine_processes import Engine


async def test_connections_that_send_nothing_are_closed() -> None:
    now_s = 0.0
    idle = IdleConnections(60, lambda: now_s)
    release = asyncio.Event()

    async def answer(http: web.Request) -> web.Response:
        idle.begin(http.transport)
        await release.wait()
        idle.end(http.transport)
        return web.Response(text="done")

    application = web.Application()
    application.router.add_get("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    assert runner.server is not None
    opened = [await asyncio.open_connection(host, port) for _ in range(50)]
    for number, (_, writer) in enumerate(opened):
        writer.write((b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n")[number % 3])
    async with ClientSession() as session:
        asking = asyncio.create_task(session.get(f"http://{host}:{port}/"))
        async with asyncio.timeout(30):
            while len(runner.server.connections) < 51:  # noqa: ASYNC110 (aiohttp reports no new connection)
                await asyncio.sleep(0.01)
        assert idle.sweep(runner.server.connections) == 0
        now_s = 59
        assert idle.sweep(runner.server.connections) == 0
        now_s = 61
        assert idle.sweep(runner.server.connections) == 50
        for reader, writer in opened:
            await asyncio.wait_for(reader.read(), 30)
            writer.close()
        release.set()
        assert await (await asking).text() == "done"
    await runner.cleanup()


def test_half_open_connections_do_not_block_others(engine: Engine) -> None:
    opened = [socket.create_connection(("127.0.0.1", engine.ready.port)) for _ in range(500)]
    for connection in opened:
        connection.sendall(b"POST / HTTP/1.1\r\nHost")
    assert urllib3.request("GET", engine.url + "ping", timeout=60).data == b"Ok.\n"
    for connection in opened:
        connection.close()
