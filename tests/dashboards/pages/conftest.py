"""One running API with its pages, and one Chromium, for all tests of pages."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from dashboards.api.reader.async_clickhouse import Server
from dashboards.api.services import ApiServices
from dashboards.pages.site import add_pages
from sinks.clickhouse.client import Address, Client
from tests.dashboards.api.example_services import KNOWN, STATE
from tests.dashboards.api.running import RunningApi, make_services, serving
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.pages.browsing import Site, chromium
from tests.dashboards.pages.shop import Shop
from tests.dashboards.people import END_MS

FIRST_TOUCH = ("curl http://127.0.0.1:8080/v1/touches -d '", "{}'")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests of this folder that await something in the event loop of the session, which has the browser."""
    in_session = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(in_session, append=False)


@pytest.fixture(scope="session")
def api(clickhouse: Address, lived: Client) -> Iterator[RunningApi]:
    """An API with pages, whose clock stands at the end of the tests' touches."""
    assert lived.database
    server = Server(clickhouse.host, clickhouse.port, lived.database, "reader", "r")
    more = {"phone_region": "DE", "rules": KNOWN.rules, "read_pipeline": lambda: STATE}
    more |= {"first_touch": lambda: FIRST_TOUCH}

    def services() -> ApiServices:
        return make_services(server, lambda: END_MS, HALF_LIFE_MS, **more)

    with serving(services, [add_pages]) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
def site(api: RunningApi, browser: Browser) -> Site:
    return Site(api, browser)


@pytest.fixture(scope="session")
def shop(clickhouse: Address, new_place: Callable[[], Place]) -> Iterator[Shop]:
    """A shop with live pages."""
    place = new_place()
    assert place.reader.database
    shop = Shop(place.writer, Server(clickhouse.host, clickhouse.port, place.reader.database, "reader", "r"))
    shop.open()
    with serving(shop.make_services, [add_pages]) as running:
        shop.api = running
        yield shop


@pytest.fixture
def shop_site(shop: Shop, browser: Browser) -> Site:
    assert shop.api is not None
    return Site(shop.api, browser)
