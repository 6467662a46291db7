"""A running API over the rows of the real pipeline, shared by all tests of endpoints."""

from collections.abc import Iterator

import pytest

from dashboards.api.reader.async_clickhouse import Server
from dashboards.api.security.roles import Viewer
from dashboards.api.services import ApiServices
from dashboards.pages.site import add_pages
from sinks.clickhouse.client import Address, Client
from tests.dashboards.api.example_services import KNOWN, STATE
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


@pytest.fixture(scope="session")
def whole_api(server: Server) -> Iterator[RunningApi]:
    """An API with everything that it can have: the pipeline, rules, pages, and a record of looks that keeps none."""

    async def record(viewer: Viewer, profile: str, at_ms: int) -> None:
        """Keep nothing."""

    def make() -> ApiServices:
        more = {"rules": KNOWN.rules, "read_pipeline": lambda: STATE, "record_look": record, "phone_region": "DE"}
        return make_services(server, lambda: END_MS, HALF_LIFE_MS, **more)

    with serving(make, [add_pages]) as running:
        yield running
