"""The application: routing, methods, CORS and failures, on a real server."""

import io
import json
import logging
from ipaddress import ip_network
from typing import Any

import pytest

from sources.collector.access_log import AccessLog
from sources.collector.app import App
from sources.collector.config import CollectorConfig
from sources.collector.keys.entry import KeyEntry
from sources.collector.refusal import Refusal
from sources.collector.request import Answer, Request
from sources.collector.routes import Route, Router
from sources.collector.services import Services
from tests.sources.collector.running import KEY, make_services, running_collector

SHOP = "https://shop.example.org"
BOUND = KeyEntry("k-bound", "main", "shop", (), (SHOP,), 0, 0)
TOUCH = {"type": "page", "occurred_at": "2026-11-30T10:00:00Z", "url": f"{SHOP}/a", "anonymous_id": "a1"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("POST", "/v1/touches/", 404),
        ("POST", "//v1/touches", 404),
        ("POST", "/V1/touches", 404),
        ("OPTIONS", "/nope", 404),
        ("GET", "/v1/touches", 405),
        ("PUT", "/v1/touches", 405),
        ("DELETE", "/live", 405),
        ("TRACE", "/live", 405),
        ("OPTIONS", "/v1/touches", 204),
    ],
)
async def test_paths_and_methods(method: str, path: str, status: int) -> None:
    async with running_collector() as collector:
        reply = await collector.request(method, path, headers={"origin": SHOP})
    assert reply.status == status
    assert "location" not in reply.headers
    assert reply.headers["access-control-allow-origin"] == SHOP
    if status == 405:
        assert "OPTIONS" in reply.headers["allow"]
    if status != 204:
        assert set(reply.json) == {"error", "detail"}


@pytest.mark.parametrize(
    ("key", "origin", "status", "echoed"),
    [
        (KEY, SHOP, 200, True),
        ("bound", SHOP, 200, True),
        ("bound", "https://other.example.org", 403, True),
        ("unknown", SHOP, 401, True),
        ("", SHOP, 401, True),
        (KEY, "", 200, False),
    ],
)
async def test_pages_can_read_answers_and_refusals(key: str, origin: str, status: int, echoed: bool) -> None:
    async with running_collector(None, ("bound", BOUND)) as collector:
        headers = {"origin": origin} if origin else {}
        reply = await collector.post("/v1/touches?channel=visits", TOUCH, headers, key)
    assert reply.status == status
    assert reply.headers.get("access-control-allow-origin") == (origin if echoed else None)
    if echoed:
        assert reply.headers["access-control-allow-credentials"] == "true"
        assert reply.headers["access-control-expose-headers"] == "Retry-After"


async def test_a_sink_that_is_away_is_answered_with_a_time_that_pages_can_read() -> None:
    async with running_collector() as collector:
        collector.sink.away = "Kafka is away"
        reply = await collector.post("/v1/touches?channel=visits", TOUCH, {"origin": SHOP})
    assert (reply.status, reply.headers["retry-after"]) == (503, "3")
    assert reply.json["error"] == "sink_unavailable"
    assert reply.headers["access-control-allow-origin"] == SHOP
    assert reply.headers["access-control-expose-headers"] == "Retry-After"


async def test_a_body_over_the_limit_is_refused() -> None:
    async with running_collector() as collector:
        reply = await collector.post("/v1/touches?channel=visits", b"[" + b" " * 500_000 + b"]")
        assert (reply.status, reply.json["error"]) == (413, "too_large")
        assert collector.services.metrics.refused["too_large",] == 1


async def test_the_access_log_has_no_personal_data() -> None:
    stream = io.StringIO()
    async with running_collector(access_log=AccessLog(stream)) as collector:
        await collector.post(f"/v1/touches?channel=visits&key={KEY}&email=ada@example.org", TOUCH, key="")
        await collector.request("GET", "/v1/projects/secret-path")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(one["method"], one["route"], one["status"], one["key"]) for one in lines] == [
        ("POST", "touches", 200, "k-shop"),
        ("GET", "unknown", 404, ""),
    ]
    assert lines[0]["bytes"] == len(json.dumps(TOUCH))
    assert not any(word in stream.getvalue() for word in (KEY, "ada@", "127.0.0.1", "secret-path", "shop.example"))


async def failing(request: Request, services: Services) -> Answer | Refusal:
    raise RuntimeError("of a test")


async def peer(request: Request, services: Services) -> Answer | Refusal:
    return Answer(200, request.peer_ip.encode(), "text/plain")


async def call(app: App, path: str, headers: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    """Return (status, body) of one request to the application, without a server."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"method": "GET", "path": path, "query_string": b"", "headers": headers, "client": ("10.0.0.1", 4711)}
    await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


GET = frozenset({"GET"})
ROUTES = {"/failing": Route("failing", GET, failing), "/peer": Route("peer", GET, peer)}


async def test_a_defect_is_answered_and_logged_without_the_path(caplog: pytest.LogCaptureFixture) -> None:
    services, _ = make_services()
    with caplog.at_level(logging.ERROR):
        status, body = await call(App(services, Router(ROUTES), AccessLog(None)), "/failing", [])
    assert (status, json.loads(body)["error"]) == (500, "fault")
    assert "route failing failed" in caplog.text
    assert services.metrics.refused["fault",] == 1


@pytest.mark.parametrize(("proxies", "client"), [((), b"10.0.0.1"), (("10.0.0.0/8",), b"192.0.2.1")])
async def test_the_forwarded_address_counts_of_trusted_proxies(proxies: tuple[str, ...], client: bytes) -> None:
    services, _ = make_services(CollectorConfig(trusted_proxies=tuple(map(ip_network, proxies))))
    app = App(services, Router(ROUTES), AccessLog(None))
    assert await call(app, "/peer", [(b"x-forwarded-for", b"192.0.2.1")]) == (200, client)


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", b"204"), ("POST", b"401")])
async def test_an_answer_has_each_header_once(method: str, status: bytes) -> None:
    async with running_collector() as collector:
        head = f"{method} /v1/touches HTTP/1.1\r\nhost: c\r\norigin: https://a.example\r\nconnection: close\r\n"
        raw = await collector.exchange(f"{head}content-length: 0\r\n\r\n".encode())
        first, *lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        names = [line.partition(b":")[0].lower() for line in lines]
        assert status in first
        assert b"access-control-allow-origin" in names
        assert sorted(names) == sorted(set(names))  # browsers refuse an answer that has a header of CORS twice
