"""Bodies made to cost much: on every path that reads one, the answer is a result or a refusal and no failure."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sources.collector.routes import ROUTES
from tests.sources.collector.running import KEY, Collector, parse_reply, running_collector

DEEP = 100_000
BODIES = {
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep arrays without an end": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep in a field": b'{"channel":"visits","type":"page","properties":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}",
    "brackets in a string": b'{"type":"' + b"[" * DEEP + b'"}',
    "a string without an end": b'{"type":"' + b"\\" * DEEP,
    "a number of 10,000 digits": b'{"channel":"visits","type":"page","occurred_at":' + b"9" * 10_000 + b"}",
    "a huge exponent": b'{"channel":"orders","type":"placed","order_id":"1","total":1e999999999,"occurred_at":1e400}',
    "a huge exponent in text": b'{"channel":"orders","type":"placed","order_id":"1","total":"1e999999999"}',
    "negative zero and tiny": b'{"channel":"orders","type":"placed","order_id":"1","total":-0e-999999999}',
    "no number": b'{"channel":"visits","type":"page","occurred_at":NaN,"properties":{"a":-Infinity}}',
    "one member 20,000 times": b"{" + b",".join([b'"a":1'] * 20_000) + b"}",
    "20,000 members": b'{"type":"track","event":"a","userId":"u","properties":{%s}}'
    % b",".join(b'"a%d":1' % n for n in range(20_000)),
    "100,000 empty objects": b"[" + b",".join([b"{}"] * DEEP) + b"]",
    "100,000 empty lines": b"\n" * DEEP,
    "a batch of numbers": b'{"batch":[' + b",".join([b"1"] * DEEP) + b"]}",
    "a batch that is an object": b'{"batch":{"a":{"batch":[]}},"data":{"schema":1}}',
    "lone surrogates": b'{"channel":"visits","type":"page","url":"https://a.example/\\ud800","title":"\\udfff\\ud800"}',
    "zero bytes": b'{"channel":"visits","type":"page\\u0000","url":"\\u0000","anonymous_id":"\\u0000"}',
    "overlong UTF-8": b'{"channel":"visits","type":"page","url":"https://a.example/\xc0\xaf"}',
    "UTF-16": '{"channel":"visits","type":"page"}'.encode("utf-16"),
    "a mark of order": b'\xef\xbb\xbf{"channel":"visits","type":"page","url":"https://a.example/"}',
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "%s"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    % (b"&b;" * 1_000),
    "a form": b"a=" + b"%" * DEEP,
    "100,000 fields": b"&".join([b"a=1"] * DEEP),
    "names of attributes": b'{"__proto__":{"a":1},"__class__":"x","type":"track","event":"constructor","userId":"u"}',
}
PATHS = sorted(
    path.replace("{provider}", "ses").replace("{source}", "x") for path, one in ROUTES.items() if one.body_bytes
)
FINE = {200, 400, 401, 404, 413, 422}


async def send(collector: Collector, path: str, body: bytes) -> int:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n"
    return parse_reply(await collector.exchange(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)).status


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def collector() -> AsyncIterator[Collector]:
    async with running_collector() as collector:
        yield collector


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.asyncio(loop_scope="module")
async def test_no_body_is_a_failure(name: str, collector: Collector) -> None:
    statuses = {path: await send(collector, path, BODIES[name]) for path in PATHS}
    assert {path: status for path, status in statuses.items() if status not in FINE} == {}
    assert ("fault",) not in collector.services.metrics.refused
    assert (await collector.request("GET", "/live")).status == 200


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.asyncio(loop_scope="module")
async def test_no_body_of_a_webhook_is_accepted_unsigned(name: str, collector: Collector) -> None:
    before = len(collector.sink.records)
    assert await send(collector, "/v1/hooks/ses/main", BODIES[name]) == 401
    assert len(collector.sink.records) == before
