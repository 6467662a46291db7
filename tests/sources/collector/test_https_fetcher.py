"""Fetching from a server that answers, redirects, sends too much or is not there."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from deploy.ports import free_port
from sources.collector.hook_services import FetchError
from sources.collector.https_fetcher import LARGEST_BYTES, HttpsFetcher


class Server:
    """A server that counts requests by path."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Answer by the path."""
        self.asked.append(request.path)
        if request.path == "/moved":
            return web.Response(status=302, headers={"location": "/pem"})
        if request.path == "/large":
            return web.Response(body=bytes(LARGEST_BYTES + 1))
        return web.Response(status=200 if request.path == "/pem" else 404, body=b"certificate")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    app = web.Application()
    app.router.add_get("/{path:.*}", served.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


async def test_a_certificate_is_fetched_once(server: Server) -> None:
    fetcher = HttpsFetcher("http")
    assert [await fetcher.certificate(f"{server.url}/pem") for _ in range(3)] == [b"certificate"] * 3
    assert server.asked == ["/pem"]


async def test_a_confirmation_is_sent_each_time(server: Server) -> None:
    fetcher = HttpsFetcher("http")
    await fetcher.call(f"{server.url}/pem")
    await fetcher.call(f"{server.url}/pem")
    assert server.asked == ["/pem", "/pem"]


@pytest.mark.parametrize("path", ["/moved", "/large", "/missing"])
async def test_other_answers_fail_and_are_not_kept(server: Server, path: str) -> None:
    fetcher = HttpsFetcher("http")
    for _ in range(2):
        with pytest.raises(FetchError):
            await fetcher.certificate(f"{server.url}{path}")
    assert server.asked == [path, path]  # no redirect is followed


async def test_only_https_is_fetched(server: Server) -> None:
    with pytest.raises(FetchError, match="not https"):
        await HttpsFetcher().certificate(f"{server.url}/pem")
    assert server.asked == []


async def test_a_server_that_is_not_there_fails() -> None:
    with pytest.raises(FetchError, match="no answer"):
        await HttpsFetcher("http").call(f"http://127.0.0.1:{free_port()}/")
