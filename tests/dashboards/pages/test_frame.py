"""What is around each page."""

import re

import pytest

from dashboards.pages.frame import CHARTS, modules
from dashboards.pages.static_files import static_files
from tests.dashboards.api.running import RunningApi


def test_each_module_that_a_page_needs_is_loaded_at_once() -> None:
    every = {name for name in static_files() if name.endswith(".js")} - {"page.js", "theme.js"}
    assert set(modules('<section id="rate"><div data-chart="{}">')) == every
    assert set(modules("<div data-chart>")) == every - {"overview.js"}
    assert set(modules("<p>")) == every - CHARTS - {"overview.js"}


def test_modules_on_demand_are_imported_by_no_other() -> None:
    """Otherwise they would be loaded by each page, and late."""
    optional = CHARTS | {"overview.js"}
    for name in modules("<p>"):
        found = set(re.findall(r'^import .* from "./(.*)";$', static_files()[name].plain.decode(), re.MULTILINE))
        assert not found & optional, name


@pytest.mark.parametrize("path", ["/", "/?range=2y&tz=Nowhere&channel=pigeons"])
def test_the_place_in_the_navigation_is_marked(api: RunningApi, path: str) -> None:
    text = api.get(path).text
    assert text.count('aria-current="page"') == 2  # in the side bar and in the bar of phones
    assert ("is not known" in text) is ("2y" in path)


def test_the_zone_is_that_of_the_browser(api: RunningApi) -> None:
    assert "data-zone-text>UTC<" in api.get("/").text
    assert "data-zone-text>Asia/Tokyo<" in api.get("/", Cookie="tz=Asia/Tokyo").text
    assert "data-zone-text>Europe/Berlin<" in api.get("/?tz=Europe/Berlin", Cookie="tz=Asia/Tokyo").text
