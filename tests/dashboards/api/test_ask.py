"""A request's context: tokens, rights, keys of profiles, and questions that end with their client."""

import http.client
import time
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from dashboards.answers.run_query import Client, read_text
from dashboards.api.answer import answer
from dashboards.api.ask import Ask
from dashboards.api.reader.async_clickhouse import Server
from dashboards.api.security.roles import Viewer
from sinks.clickhouse.client import Address, connect
from tests.dashboards.api.running import RunningApi, make_services, serving

ENDLESS = "SELECT count() AS n FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


def add_probes(app: FastAPI) -> None:
    """Add endpoints that only tests have."""
    router = APIRouter()

    @router.get("/probe/endless")
    async def endless(request: Request, ask: Ask, key: str = "") -> Response:
        rows = await ask.run(lambda client: count(client), key=key, cache_s=1)
        return answer(request, ask, rows)

    @router.get("/probe/customer/{key}")
    async def customer(request: Request, ask: Ask, key: str) -> Response:
        return answer(request, ask, [await ask.profile_of(key)])

    app.include_router(router)


def count(client: Client) -> list[str]:
    return [str(row["n"]) for row in read_text(client, ENDLESS)]


@pytest.fixture(scope="module")
def probed(server: Server) -> Iterator[RunningApi]:
    with serving(lambda: make_services(server, lambda: 1_000, 7_000), [add_probes]) as running:
        yield running


@pytest.fixture
def running_queries(clickhouse: Address) -> Iterator[object]:
    """Return a function that counts the endless queries that the engine runs."""
    client = connect(clickhouse, "write")

    def count_running() -> int:
        found = client.query("SELECT count() FROM system.processes WHERE query LIKE '/* tl-%1000000000000%'")
        return int(found.result_rows[0][0])

    yield count_running
    client.close()


def begin(api: RunningApi, path: str) -> http.client.HTTPConnection:
    """Send a request and return its connection, whose answer is not read."""
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=60)
    connection.request("GET", path, headers={"Authorization": "Bearer token-analyst"})
    return connection


def wait_until(true: object) -> None:
    assert callable(true)
    while not true():
        time.sleep(0.02)


def test_a_query_ends_when_its_client_leaves(probed: RunningApi, running_queries: object) -> None:
    assert callable(running_queries)
    connection = begin(probed, "/probe/endless")
    wait_until(lambda: running_queries() == 1)
    connection.close()
    wait_until(lambda: running_queries() == 0)
    wait_until(lambda: probed.services.reader.lanes["fast"].running == 0)
    wait_until(lambda: any(one.status == 499 for one in probed.answered))


def test_a_shared_query_ends_when_its_last_client_leaves(probed: RunningApi, running_queries: object) -> None:
    assert callable(running_queries)
    one, other = begin(probed, "/probe/endless?key=a"), begin(probed, "/probe/endless?key=a")
    wait_until(lambda: running_queries() == 1)
    seen = len(probed.answered)
    one.close()
    wait_until(lambda: len(probed.answered) == seen + 1)
    assert running_queries() == 1
    other.close()
    wait_until(lambda: running_queries() == 0)


def test_a_key_leads_to_its_profile_in_its_tenant_alone(probed: RunningApi) -> None:
    keys = probed.services.profile_keys
    path = f"/probe/customer/{keys.key_of('main', 'email:anna@example.org')}"
    assert probed.get(path).json() == ["email:anna@example.org"]
    assert probed.get(path, "dashboard").json() == ["email:a···@example.org"]
    assert probed.get(f"/probe/customer/{keys.key_of('other', 'email:anna@example.org')}").status_code == 404
    assert probed.get("/probe/customer/nonsense").status_code == 404


def test_support_is_refused_if_looks_cannot_be_recorded(probed: RunningApi) -> None:
    path = f"/probe/customer/{probed.services.profile_keys.key_of('main', 'email:anna@example.org')}"
    found = probed.get(path, "support")
    assert (found.status_code, found.json()["type"]) == (503, "query-api#looks-not-recorded")


def test_each_look_of_support_is_recorded(server: Server) -> None:
    looks: list[tuple[str, str, int]] = []

    async def record(viewer: Viewer, profile: str, at_ms: int) -> None:
        looks.append((viewer.token_id, profile, at_ms))

    with serving(lambda: make_services(server, lambda: 1_000, 7_000, record_look=record), [add_probes]) as running:
        path = f"/probe/customer/{running.services.profile_keys.key_of('main', 'email:anna@example.org')}"
        assert [running.get(path, role).status_code for role in ("support", "analyst", "support")] == [200] * 3
    assert looks == [("id-support", "email:anna@example.org", 1_000)] * 2


def test_without_a_valid_token_nothing_is_answered(probed: RunningApi) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        found = probed.get("/v1/top", None, **headers)
        assert (found.status_code, found.json()["type"]) == (401, "query-api#unauthorized")
        assert found.headers["www-authenticate"].startswith("Bearer")
