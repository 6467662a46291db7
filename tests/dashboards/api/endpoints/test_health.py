"""Health without a token."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dashboards.api.reader.async_clickhouse import Server
from tests.dashboards.api.running import RunningApi, TokenList, make_services, serving


@pytest.fixture
def unready(server: Server) -> Iterator[RunningApi]:
    tokens = TokenList(why="the API tokens are being read")
    with serving(lambda: replace(make_services(server, lambda: 1, 1), tokens=tokens)) as running:
        yield running


def test_a_process_that_answers(api: RunningApi) -> None:
    assert [api.get(path, None).status_code for path in ("/live", "/ready")] == [200, 200]


def test_a_process_without_tokens_is_not_ready(unready: RunningApi) -> None:
    assert unready.get("/live", None).status_code == 200
    found = unready.get("/ready", None)
    assert (found.status_code, found.text) == (503, "the API tokens are being read\n")
    refused = unready.get("/v1/top")
    assert (refused.status_code, refused.json()["detail"]) == (503, "The API tokens are being read.")
