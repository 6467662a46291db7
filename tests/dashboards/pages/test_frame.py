"""What is around each page."""

import pytest

from dashboards.pages.frame import modules
from dashboards.pages.static_files import static_files
from tests.dashboards.api.running import RunningApi


def test_each_module_is_loaded_at_once() -> None:
    assert set(modules()) | {"page.js", "theme.js"} == {name for name in static_files() if name.endswith(".js")}


@pytest.mark.parametrize("path", ["/", "/?range=2y&tz=Nowhere&channel=pigeons"])
def test_the_place_in_the_navigation_is_marked(api: RunningApi, path: str) -> None:
    text = api.get(path).text
    assert text.count('aria-current="page"') == 2  # in the side bar and in the bar of phones
    assert ("is not known" in text) is ("2y" in path)


def test_the_zone_is_that_of_the_browser(api: RunningApi) -> None:
    assert "data-zone-text>UTC<" in api.get("/").text
    assert "data-zone-text>Asia/Tokyo<" in api.get("/", Cookie="tz=Asia/Tokyo").text
    assert "data-zone-text>Europe/Berlin<" in api.get("/?tz=Europe/Berlin", Cookie="tz=Asia/Tokyo").text
