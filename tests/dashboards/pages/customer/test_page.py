"""The page of one customer: its figures, its states, hostile texts, and keys."""

from collections.abc import Iterator
from random import Random

import pytest

from dashboards.answers.customer import customer
from dashboards.answers.scope import Scope
from dashboards.api.reader.async_clickhouse import Server
from dashboards.pages import format as write
from dashboards.pages.site import add_pages
from sinks.clickhouse.client import Address, Client
from tests.dashboards.api.running import RunningApi, make_services, serving
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS, Journey
from tests.dashboards.pages.browsing import PHONE, Site, needs_chromium
from tests.dashboards.people import END_MS

BUSY = "customer_id:c1"
HOSTILE = "<script>alert(1)</script>\u202egpj.exe \"'><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def path(api: RunningApi) -> str:
    return f"/customers/{api.services.profile_keys.key_of('main', BUSY)}"


def test_figures_are_those_of_the_answer(api: RunningApi, lived: Client, path: str) -> None:
    whole = customer(lived, Scope(), BUSY, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert whole is not None
    text = api.get(path).text
    assert f'<span class="big">{write.points(whole.profile.score.net)}</span>' in text
    assert f"{write.whole(whole.profile.touches)} touches" in text
    for one in whole.page.touches:
        assert f'id="touch-{one.event_id}"' in text
    assert f"One person, {len(whole.profile.members)} identifiers" in text


def test_earlier_touches_follow(api: RunningApi, path: str) -> None:
    first = api.get(path).text
    address = first.partition("Show earlier touches")[0].rpartition('href="')[2].partition('"')[0].partition("#")[0]
    second = api.get(address).text
    # A repeat beyond the dedupe window has the id of its first copy.
    ids = [[part.split('"')[0] for part in text.split('id="touch-')[1:]] for text in (first, second)]
    assert [len(one) for one in ids] == [50, 50]
    assert not set(ids[0]) & set(ids[1])
    assert "Show the newest" in second


def test_states(api: RunningApi, path: str) -> None:
    assert "No touches of these channels." in api.get(f"{path}?channel=orders").text
    assert "Show the newest." in api.get(f"{path}?cursor=1.0").text
    assert api.get(f"{path}?cursor=x").status_code == 422
    assert api.get("/customers/nobody").status_code == 404
    stranger = api.services.profile_keys.key_of("main", "email:stranger@example.org")
    assert api.get(f"/customers/{stranger}").status_code == 404
    assert api.get(path, "support").status_code == 503


def test_a_dashboard_sees_figures_and_no_texts(api: RunningApi, path: str) -> None:
    clear, masked = api.get(path).text, api.get(path, "dashboard").text
    assert "Person 1" in clear
    for word in ("Person 1", "p1@example.org", "shop.example", "touch-"):
        assert word not in masked, word
    assert "Missed call" in clear or "Form" in masked or "Page" in masked
    assert "p···@example.org" in masked


@pytest.fixture
def hostile(place: Place, clickhouse: Address) -> Iterator[RunningApi]:
    journey = Journey(Random(1))
    visit: dict[str, object] = {
        "type": "page",
        "url": f"https://a.example/{HOSTILE}",
        "title": HOSTILE,
        "customer_id": HOSTILE[:60],
    }
    properties = {"traits": {"name": HOSTILE, HOSTILE: HOSTILE}}
    journey.send(
        "visits", visit | {"event_id": HOSTILE, "occurred_at": END_MS - 9_000, "properties": properties}, END_MS
    )
    journey.run()
    journey.store(place.writer)
    database = place.reader.database or ""
    server = Server(clickhouse.host, clickhouse.port, database, "reader", "r")
    with serving(lambda: make_services(server, lambda: END_MS, HALF_LIFE_MS), [add_pages]) as running:
        yield running


def test_hostile_texts_are_escaped(hostile: RunningApi) -> None:
    listed = hostile.get("/customers").text
    key = listed.partition('href="/customers/')[2].partition('"')[0]
    for text in (listed, hostile.get(f"/customers/{key}").text):
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<bdi>" in text


@needs_chromium
@pytest.mark.parametrize(("size", "dark"), [((1280, 900), True), (PHONE, False)])
async def test_page_in_a_browser(site: Site, path: str, size: tuple[int, int], dark: bool) -> None:
    async with site.visit(path, size=size, dark=dark) as visit:
        await visit.page.locator(".plot svg").wait_for()
        await visit.check_accessibility()


@needs_chromium
async def test_touches_by_keys(site: Site, path: str) -> None:
    async with site.visit(path) as visit:
        page = visit.page
        await page.keyboard.press("j")
        assert await page.evaluate("document.activeElement.matches('li.ev')")
        session = page.locator("li.ev details").first
        await session.locator("xpath=ancestor::li").focus()
        await page.keyboard.press("e")
        assert await session.evaluate("(one) => one.open")


@needs_chromium
async def test_a_touch_of_the_customer_loads_the_page_anew(site: Site, path: str) -> None:
    score = "document.dispatchEvent(new CustomEvent('touchline:scores', {detail: {profiles: [{key: '%s'}]}}))"
    async with site.visit(path) as visit:
        page, asked = visit.page, list[str]()
        page.on("request", lambda request: asked.append(request.url) if path in request.url else None)
        await page.evaluate("window.__same = true")
        async with page.expect_request(f"**{path}"):
            await page.evaluate(score % "of-another-customer")
            assert not asked
            await page.evaluate(score % path.rpartition("/")[2])
        assert await page.evaluate("window.__same")
