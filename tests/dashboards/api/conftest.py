"""A running API over the rows of the real pipeline, shared by all tests of endpoints."""

from collections.abc import Iterator

import pytest

from dashboards.api.reader.async_clickhouse import Server
from sinks.clickhouse.client import Address, Client
from tests.dashboards.api.running import RunningApi, make_services, serving
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS


@pytest.fixture(scope="session")
def server(clickhouse: Address, lived: Client) -> Server:
    """Where the reading user of the tests' rows connects to."""
    assert lived.database
    return Server(clickhouse.host, clickhouse.port, lived.database, "reader", "r")


@pytest.fixture(scope="session")
def api(server: Server) -> Iterator[RunningApi]:
    """An API whose clock stands at the end of the tests' touches."""
    with serving(lambda: make_services(server, lambda: END_MS, HALF_LIFE_MS, phone_region="DE")) as running:
        yield running
