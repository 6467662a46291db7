"""Limits of connections, on a real server whose clock the tests turn."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from sources.collector.config import CollectorConfig, ConnectionLimits
from tests.sources.collector.running import KEY, Collector, parse_reply, running_collector, wait_until

TOUCH = json.dumps({"type": "page", "occurred_at": "2026-11-30T10:00:00Z", "url": "https://a.example/"}).encode()
HEAD = f"POST /v1/touches?channel=visits HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {KEY}\r\n".encode()
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(TOUCH) + TOUCH
LIVE = b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def turn_clock(collector: Collector, seconds: float) -> None:
    """Sweep the connections as if so much time had passed."""
    watch = collector.server.watch
    watch.sweep(collector.server.server_state.connections, watch.now_s + seconds)


async def until_received(collector: Collector, waits_for: str) -> None:
    """Wait until the collector has read what was sent and a connection of it waits for something."""
    await wait_until(lambda: any(one._waits_for == waits_for for one in collector.server.server_state.connections))


def has_body(connection: Any, size: int) -> bool:
    return bool(connection._body_bytes >= size)


def refused(collector: Collector) -> dict[str, int]:
    return {reason: count for (reason,), count in collector.services.metrics.refused.items()}


WAITING = [
    ("nothing sent", b"", "request", 9.0, 11.0, None),
    ("half a first line", b"POST /v1/tou", "head", 9.0, 11.0, 408),
    ("half a head", HEAD, "head", 9.0, 11.0, 408),
    ("no body", HEAD + b"Content-Length: 10\r\n\r\n", "body", 14.0, 16.0, 408),
    ("half a body", HEAD + b"Content-Length: 10\r\n\r\n{", "body", 14.0, 16.0, 408),
    ("half a chunk", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", "body", 14.0, 16.0, 408),
    ("between requests", LIVE, "request", 29.0, 31.0, None),
    ("half a second head", LIVE + b"GET /li", "head", 9.0, 11.0, 408),
]


@pytest.mark.parametrize(
    ("sent", "waits_for", "within_s", "beyond_s", "status"),
    [row[1:] for row in WAITING],
    ids=[row[0] for row in WAITING],
)
async def test_a_slow_connection_ends_at_its_limit(
    sent: bytes, waits_for: str, within_s: float, beyond_s: float, status: int | None
) -> None:
    async with running_collector() as collector:
        reader, writer = await collector.connect()
        writer.write(sent)
        if sent.startswith(LIVE):
            answer = await reader.readuntil(b"ok\n")
            assert parse_reply(answer).status == 200
        await until_received(collector, waits_for)
        turn_clock(collector, within_s)
        assert len(collector.server.server_state.connections) == 1
        turn_clock(collector, beyond_s)
        answer = await reader.read()
        writer.close()
        assert (parse_reply(answer).status if answer else None) == status
        assert refused(collector).get("too_slow", 0) == (1 if status else 0)
        assert collector.sink.records == []


async def test_a_body_that_trickles_ends_at_the_limit_of_the_whole_body() -> None:
    async with running_collector() as collector:
        reader, writer = await collector.connect()
        writer.write(HEAD + b"Content-Length: 100\r\n\r\n")
        await until_received(collector, "body")
        (connection,) = collector.server.server_state.connections
        for received in range(1, 7):
            writer.write(b" ")
            await writer.drain()
            await wait_until(partial(has_body, connection, received))
            turn_clock(collector, 9.0)
        assert len(collector.server.server_state.connections) == 1
        turn_clock(collector, 9.0)
        assert parse_reply(await reader.read()).status == 408
        writer.close()


async def test_a_slow_sink_is_no_slow_client() -> None:
    async with running_collector() as collector:
        collector.sink.gate = asyncio.Event()
        reader, writer = await collector.connect()
        writer.write(WHOLE)
        await collector.sink.asked.wait()
        turn_clock(collector, 1_000.0)
        collector.sink.gate.set()
        assert parse_reply(await reader.readuntil(b"}]}")).status == 200
        writer.close()


ENDLESS = b"X-Filler: " + b"x" * 1_000 + b"\r\n"
LARGE_HEADS = [
    ("one long header", b"GET /live HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n"),
    ("many headers", b"GET /live HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 3_000 + b"\r\n"),
    ("a long path", b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a head without an end", b"GET /live HTTP/1.1\r\nHost: a\r\n" + ENDLESS * 20),
    ("behind a request", LIVE + b"GET /live HTTP/1.1\r\nHost: a\r\n" + ENDLESS * 20 + b"\r\n"),
]


@pytest.mark.parametrize("sent", [row[1] for row in LARGE_HEADS], ids=[row[0] for row in LARGE_HEADS])
async def test_a_large_head_is_refused(sent: bytes) -> None:
    async with running_collector() as collector:
        answers = await collector.exchange(sent)
        if sent.startswith(LIVE):  # the answer of the request before is the last
            assert answers.endswith(b"ok\n")
        else:
            assert answers.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
        assert refused(collector) == {"head_too_large": 1}


async def test_a_head_just_below_the_limit_is_served() -> None:
    async with running_collector() as collector:
        sent = b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: " + b"x" * 16_000 + b"\r\n\r\n"
        assert parse_reply(await collector.exchange(sent)).status == 200
        body = b" " * 100_000 + TOUCH
        sent = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        assert parse_reply(await collector.exchange(sent)).status == 200


async def test_pipelined_requests_are_answered_in_order() -> None:
    async with running_collector() as collector:
        answers = await collector.exchange(WHOLE + LIVE + WHOLE + LAST)
        assert answers.count(b"HTTP/1.1 200 OK") == 4
        assert [part for part in answers.split(b"\r\n") if part.startswith((b"{", b"ok"))][-1] == b"ok\n"
        assert len(collector.sink.records) == 2


async def test_more_requests_than_may_wait_for_their_answers_end_the_connection() -> None:
    async with running_collector() as collector:
        collector.sink.gate = asyncio.Event()
        reader, writer = await collector.connect()
        writer.write(WHOLE + LIVE * 10_000)
        await wait_until(lambda: refused(collector))
        (connection,) = collector.server.server_state.connections
        assert len(connection.pipeline) == 100
        collector.sink.gate.set()
        assert (await reader.read()).count(b"HTTP/1.1 200 OK") == 101
        assert refused(collector) == {"bad_request": 1}
        writer.close()


CHUNKED = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
ONE_CHUNK = CHUNKED + b"%x\r\n%s\r\n" % (len(TOUCH), TOUCH)


@pytest.mark.parametrize(
    ("sent", "repeated"),
    [
        (CHUNKED + b"5;", b"a" * 100_000),
        (CHUNKED + b"1\r\n{\r\n5;a=", b"a" * 100_000),
        (ONE_CHUNK + b"0\r\n", b"a: b\r\n" * 20_000),
        (ONE_CHUNK + b"0\r\n", b"a" * 100_000),
    ],
    ids=["an extension", "an extension behind a chunk", "trailers", "a trailer"],
)
async def test_endless_framing_of_a_body_ends_the_connection(sent: bytes, repeated: bytes) -> None:
    async with running_collector() as collector:
        _, writer = await collector.connect()
        writer.write(sent)
        with pytest.raises(ConnectionError):
            await send_repeated(writer, repeated, 10_000)
        writer.close()
        assert refused(collector)["bad_http"] == 1
        assert collector.sink.records == []


async def test_a_trailer_stands_for_no_header() -> None:
    async with running_collector() as collector:
        trailed = ONE_CHUNK + b"0\r\nUser-Agent: trailed\r\nContent-Encoding: gzip\r\n\r\n"
        assert parse_reply(await collector.exchange(trailed)).status == 200
        keyless = ONE_CHUNK.replace(b"Authorization", b"X-Authorization")
        trailed = keyless + b"0\r\nAuthorization: Bearer %s\r\n\r\n" % KEY.encode()
        assert parse_reply(await collector.exchange(trailed)).status == 401
        assert len(collector.sink.records) == 1
        assert "trailed" not in str(collector.sink.touches)


HOSTILE = [
    ("no HTTP", b"\x16\x03\x01\x02\x00\x01"),
    ("an unknown method", b"HACK /live HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("two lengths", HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}   "),
    ("a length and chunks", HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("chunks and a length", HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
    ("chunked twice", HEAD + b"Transfer-Encoding: chunked, chunked\r\nContent-Length: 2\r\n\r\n{}"),
    ("a negative length", HEAD + b"Content-Length: -1\r\n\r\n{}"),
    ("a length with a sign", HEAD + b"Content-Length: +2\r\n\r\n{}"),
    ("a length in words", HEAD + b"Content-Length: two\r\n\r\n{}"),
    ("a length of 400 digits", HEAD + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n{}"),
    ("a space before the colon", HEAD + b"Content-Length : 2\r\n\r\n{}"),
    ("a folded header", HEAD + b"X: a\r\n Content-Length: 2\r\n\r\n"),
    ("a bare carriage return", HEAD + b"X: a\rContent-Length: 2\r\n\r\n"),
    ("a zero byte in a header", HEAD + b"X: a\0b\r\n\r\n"),
    ("a zero byte in the path", b"GET /li\0ve HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("bytes outside ASCII in the path", b"GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a chunk's size that is no number", HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n"),
    ("CONNECT", b"CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
]


@pytest.mark.parametrize("sent", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
async def test_what_is_not_http_is_refused_once_and_the_connection_closed(sent: bytes) -> None:
    async with running_collector() as collector:
        answers = await collector.exchange(sent + LIVE)
        assert answers.startswith(b"HTTP/1.1 4")
        assert answers.count(b"content-type: ") == 1  # the request that was smuggled behind is not served
        assert b"connection: close" in answers
        assert collector.sink.records == []
        assert parse_reply(await collector.exchange(LAST)).status == 200


async def test_a_header_cannot_be_injected_into_the_answer() -> None:
    async with running_collector() as collector:
        for origin in ("https://a.example%0d%0aSet-Cookie: a=b", "https://a.example\tX: y", "https://é.example"):
            reply = await collector.request("GET", "/live%0d%0aX-Injected:%20yes", headers={"origin": origin})
            assert reply.status == 404
            assert "x-injected" not in reply.headers
            assert "set-cookie" not in reply.headers


async def test_connections_over_the_limit_are_answered_with_503() -> None:
    async with running_collector(CollectorConfig(limits=ConnectionLimits(connections=2))) as collector:
        held = [await collector.connect() for _ in range(2)]
        held[0][1].write(b"GET")
        await until_received(collector, "head")
        reply = parse_reply(await collector.exchange(b""))
        assert (reply.status, reply.json["error"], reply.headers["retry-after"]) == (503, "too_many_connections", "2")
        held[1][1].write(LAST)
        assert parse_reply(await held[1][0].read()).status == 200
        for _, writer in held:
            writer.close()


async def test_an_endless_body_after_its_answer_ends_the_connection() -> None:
    limits = ConnectionLimits(discarded_bytes=1_000_000)
    async with running_collector(CollectorConfig(limits=limits)) as collector:
        reader, writer = await collector.connect()
        writer.write(HEAD + b"Content-Length: 99999999999\r\n\r\n")
        answer = await reader.readuntil(b"}")
        assert parse_reply(answer).status == 413
        with pytest.raises(ConnectionError):
            await send_repeated(writer, bytes(100_000), 10_000)
        writer.close()


async def send_repeated(writer: asyncio.StreamWriter, piece: bytes, times: int) -> None:
    for _ in range(times):
        writer.write(piece)
        await writer.drain()


async def test_a_client_that_leaves_early_is_counted_and_stores_nothing() -> None:
    async with running_collector() as collector:
        _, writer = await collector.connect()
        writer.write(HEAD + b"Content-Length: 100\r\n\r\n{")
        await until_received(collector, "body")
        writer.close()
        await wait_until(lambda: refused(collector))
        assert refused(collector) == {"disconnected": 1}
        assert collector.sink.records == []
