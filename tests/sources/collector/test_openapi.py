"""The OpenAPI document, and the collector by it: schemathesis sends what it permits and what it does not."""

import asyncio
import copy
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from schemas.channels import CHANNELS
from sources.collector.openapi import describe_api
from sources.collector.routes import ROUTES
from tests.scale import scaled
from tests.sources.collector.running import KEY, Collector, running_collector


def describe_briefly() -> dict[str, Any]:
    """Return the document with arrays of touches of one channel.

    The cases of every field of every channel are generated from the single touch, which the same code checks.
    """
    document = copy.deepcopy(describe_api())
    document["components"]["schemas"]["Touches"]["items"] = {"$ref": "#/components/schemas/Consent"}
    return document


# Described as /v1/touches is, and served by the same function.
SCHEMA = schemathesis.openapi.from_dict(describe_briefly()).exclude(path="/v1/beacon")
NATIVE = {"/v1/touches", "/v1/beacon", "/v1/pixel.gif", "/live", "/ready", "/openapi.json"}
# A schema cannot say all that intake checks, and a request with one bad touch is no bad request.
load_all_checks()
NOT_BY_SCHEMA = ("positive_data_acceptance", "negative_data_rejection")


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector whose event loop runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    context = running_collector()
    try:
        yield asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(60)
        asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    """Connections that are used again: there are thousands of requests."""
    with requests.Session() as kept:
        kept.trust_env = False
        yield kept


@schemathesis.serializer("application/x-ndjson")
def serialise_lines(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Return a body whose lines are touches; a value that is no text is one line."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=scaled(10), deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_as_the_document_says(
    case: schemathesis.Case, collector: Collector, session: requests.Session
) -> None:
    checks = CHECKS.get_by_names([name for name in CHECKS.get_all_names() if name not in NOT_BY_SCHEMA])
    headers = {"Authorization": f"Bearer {KEY}"}
    response = case.call(base_url=f"http://127.0.0.1:{collector.port}", headers=headers, session=session)
    case.validate_response(response, checks=checks)


def test_the_document_describes_every_native_route() -> None:
    document = describe_api()
    assert set(document["paths"]) == NATIVE
    for path, operations in document["paths"].items():
        assert {method.upper() for method in operations} == ROUTES[path].methods - {"HEAD"}
    assert {model.__name__ for model in CHANNELS.values()} <= set(document["components"]["schemas"])


def test_the_beacon_is_served_by_the_endpoint_of_touches() -> None:
    assert ROUTES["/v1/beacon"].endpoint is ROUTES["/v1/touches"].endpoint
    paths = describe_api()["paths"]
    differing = {"operationId", "summary", "description"}
    beacon, touches = ({**paths[path]["post"]} for path in ("/v1/beacon", "/v1/touches"))
    assert {name for name in beacon if beacon[name] != touches[name]} == differing


async def test_the_document_is_served() -> None:
    async with running_collector() as collector:
        reply = await collector.request("GET", "/openapi.json", key="")
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
        assert reply.json == json.loads(json.dumps(describe_api()))
