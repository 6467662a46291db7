"""Real SDKs of browsers, unchanged, in Chromium, on a page of another origin than the collector's."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.clients.collector_process import Sender
from tests.clients.installed import install_node_clients
from tests.clients.site_pages import serving_pages

CHROMIUM: Final = Path("/usr/bin/chromium")
FAMILIES: Final = {"segment": "analytics.js", "rudderstack": "RudderLabs JavaScript SDK", "snowplow": "snowplow-js"}
TYPES: Final = {
    "segment": ["custom", "identify", "page"],
    "rudderstack": ["custom", "identify", "page"],
    "snowplow": ["custom", "page"],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; skipped with the reason where it is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is missing: install it as {CHROMIUM} to run the SDKs of browsers")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The origin of the pages."""
    if shutil.which("npm") is None:
        pytest.skip("Node is missing: install node and npm to fetch the SDKs of browsers")
    with serving_pages(install_node_clients()) as origin:
        yield origin


def page_address(pages: str, family: str, sender: Sender, **options: object) -> str:
    """Return the address of a family's page, which tells the SDK where the collector is, and options of the SDK."""
    query = {"collector": sender.address, "key": sender.key, "options": json.dumps(options)}
    return f"{pages}/{family}.html?{urlencode(query)}"


def checked_touches(family: str, sender: Sender) -> list[dict[str, Any]]:
    """Wait for the touches of a page; return them by type after checking what all have in common."""
    received = sender.received(len(TYPES[family]))
    touches = sorted((touch for _, touch in received), key=lambda touch: str(touch["type"]))
    assert [touch["type"] for touch in touches] == TYPES[family]
    for touch in touches:
        assert touch["library"] == FAMILIES[family]
        assert "Chrome/" in touch["user_agent"]
        assert touch["ip"] == "127.0.0.1"
        assert f"/{family}.html" in touch["url"]
        assert sender.key not in str(touch)
    assert len({touch["anonymous_id"] for touch in touches}) == 1
    return touches


@pytest.mark.parametrize("family", FAMILIES)
def test_a_visit(family: str, browser: Browser, pages: str, sender: Sender) -> None:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(page_address(pages, family, sender))
    custom, *_, viewed = checked_touches(family, sender)
    context.close()
    assert errors == []
    assert custom["name"] == "Signed Up"
    assert custom["customer_id"] == "c-1"
    assert viewed["title"] == "Prices"
    assert viewed.get("page_id", "") != "" or family != "snowplow"


def test_a_visitor_who_is_offline_for_a_while(browser: Browser, pages: str, sender: Sender) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_address(pages, "segment", sender))
    checked_touches("segment", sender)
    context.set_offline(True)
    page.evaluate("void window.analytics.track('Later')")
    context.set_offline(False)
    received = sender.received(len(TYPES["segment"]) + 1)
    context.close()
    assert [touch.get("name") for _, touch in received].count("Later") == 1


def test_an_sdk_that_adds_headers_when_it_tries_again(browser: Browser, pages: str, sender: Sender) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_address(pages, "rudderstack", sender))
    checked_touches("rudderstack", sender)
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.evaluate("void window.analytics.track('Later')")
    context.set_offline(False)
    received = sender.received(len(TYPES["rudderstack"]) + 1)
    context.close()
    assert [touch.get("name") for _, touch in received].count("Later") == 1


@pytest.mark.parametrize(
    ("family", "options"),
    [
        (
            "segment",
            {"deliveryStrategy": {"strategy": "batching", "config": {"size": 10, "timeout": 3_600_000}}},
        ),
        (
            "rudderstack",
            {"useBeacon": True, "beaconQueueOptions": {"flushQueueInterval": 3_600_000}},
        ),
    ],
)
def test_a_visitor_who_leaves_the_page(
    family: str, options: dict[str, object], browser: Browser, pages: str, sender: Sender
) -> None:
    before = sender.collector.successes("segment_batch")
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_address(pages, family, sender, **options))
    page.wait_for_function("document.title === 'Ready'")
    page.goto("about:blank")
    checked_touches(family, sender)
    context.close()
    assert sender.collector.successes("segment_batch") == before + 1
