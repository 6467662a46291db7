"""Each page in a real browser: light and dark, wide and on a phone, for each role, by keyboard, within its weight."""

from pathlib import Path

import pytest

from dashboards.api.security.roles import RIGHTS, ROLES, Role
from dashboards.pages.page import Page
from dashboards.pages.site import PAGES
from tests.dashboards.api.running import RunningApi
from tests.dashboards.pages.browsing import PHONE, WIDE, Site, needs_chromium

MOST_BYTES = 40_000
GUIDE = Path(__file__).parents[3] / "docs/guides/pages.md"
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@needs_chromium
@every_page
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)], ids=["wide", "phone"])
async def test_a_page_has_no_fault(site: Site, page: Page, size: tuple[int, int], dark: bool) -> None:
    async with site.visit(page.path, size=size, dark=dark) as visit:
        await visit.page.get_by_role("heading", level=1).wait_for()
        await visit.check_accessibility()
        assert await visit.loaded_bytes() < MOST_BYTES


@every_page
@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_for_roles_with_its_right(api: RunningApi, page: Page, role: Role) -> None:
    found = api.get(page.path, role, Accept="text/html")
    allowed = page.right in RIGHTS[role]
    assert found.status_code == (200 if allowed else 403)
    assert f"<h1>{page.name}</h1>" in found.text or not allowed


def test_each_page_has_a_key_of_its_own() -> None:
    keys = [page.key for page in PAGES]
    assert len(set(keys)) == len(keys)


@every_page
def test_a_page_has_a_row_in_the_guide(page: Page) -> None:
    assert f"\n| {page.name} `{page.path}` |" in GUIDE.read_text()


@needs_chromium
async def test_pages_are_reached_by_keys(site: Site) -> None:
    async with site.visit("/") as visit:
        for page in reversed(PAGES):
            await visit.page.keyboard.press("g")
            async with visit.page.expect_navigation(url=f"**{page.path}"):
                await visit.page.keyboard.press(page.key)
        await visit.page.keyboard.press("?")
        await visit.page.get_by_role("heading", name="Keys").wait_for()
        await visit.page.keyboard.press("Escape")
        await visit.page.keyboard.press("t")
        assert await visit.page.evaluate("document.documentElement.dataset.theme") == "light"
        await visit.page.keyboard.press("/")
        assert await visit.page.evaluate("document.activeElement.name") == "identifier"
        await visit.page.keyboard.type("t?gp")
        assert await visit.page.evaluate("document.activeElement.value") == "t?gp"
