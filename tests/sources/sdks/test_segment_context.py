"""The context of events of Segment and RudderStack."""

import pytest

from sources.sdks.segment_context import read_context
from tests.sources.sdks.payloads import BROWSER, SERVER

URL = "https://shop.example.org/a"


def test_a_browsers_context() -> None:
    context = {
        "library": {"name": "RudderLabs JavaScript SDK", "version": "3.34.1"},
        "page": {"url": URL, "referrer": "$direct", "title": "A", "path": "/a", "search": ""},
        "campaign": {"name": "spring"},
        "traits": {"email": "ada@example.org", "plan": "pro"},
        "userAgent": "forged",
        "ip": "203.0.113.1",
        "screen": {"width": 1280, "height": 720, "density": 2},
        "locale": "de-AT",
        "timezone": "Europe/Vienna",
        "sessionId": 1796103189,
        "groupId": "g1",
    }
    read = read_context(context, {}, BROWSER)
    assert read.library == {"library": "RudderLabs JavaScript SDK", "library_version": "3.34.1"}
    assert read.person == {"email": "ada@example.org"}
    assert read.traits == {"email": "ada@example.org", "plan": "pro"}
    assert read.ids == {"group": "g1"}
    assert read.visit == {
        "url": f"{URL}?utm_campaign=spring",
        "title": "A",
        "screen": "1280x720",
        "ip": BROWSER.ip,
        "user_agent": BROWSER.user_agent,
    }
    assert read.left == {"locale": "de-AT", "timezone": "Europe/Vienna", "sessionId": 1796103189}


def test_a_servers_context_never_takes_the_connection() -> None:
    sent = {"ip": "203.0.113.1", "userAgent": "Mozilla/5.0", "library": {"name": "analytics-python"}}
    assert read_context(sent, {}, SERVER).visit == {"ip": "203.0.113.1", "user_agent": "Mozilla/5.0"}
    assert read_context({}, {}, SERVER).visit == {}


def test_an_app() -> None:
    context = {
        "app": {"name": "Shop", "version": 2, "build": "77", "namespace": "org.example.shop"},
        "device": {"id": "d-1", "model": "Pixel 9"},
    }
    read = read_context(context, {}, SERVER)
    assert read.visit == {"app": {"name": "Shop", "version": "2", "build": "77"}, "device_id": "d-1"}
    assert read.left == {"app": {"namespace": "org.example.shop"}, "device": {"id": "d-1", "model": "Pixel 9"}}


def test_a_library_is_no_app() -> None:
    library = {"name": "RudderLabs JavaScript SDK", "version": "3.34.1"}
    read = read_context({"app": {**library, "namespace": "com.rudderlabs.javascript"}, "library": library}, {}, SERVER)
    assert "app" not in read.visit
    assert read.left == {}


def test_properties_of_a_page_precede_the_context() -> None:
    context = {"page": {"url": URL, "title": "Context", "referrer": "https://a.example.org/"}}
    read = read_context(context, {"url": f"{URL}/b", "title": "Page"}, SERVER)
    assert read.visit == {"url": f"{URL}/b", "title": "Page", "referrer": "https://a.example.org/"}


def test_a_campaign_without_a_page_is_kept() -> None:
    assert read_context({"campaign": {"name": "spring"}}, {}, SERVER).left == {"campaign": {"name": "spring"}}


@pytest.mark.parametrize("name", ["library", "traits", "page", "app", "device", "screen", "campaign"])
@pytest.mark.parametrize("value", [None, "text", 7, [1]])
def test_parts_of_another_form_are_ignored(name: str, value: object) -> None:
    read = read_context({name: value}, {}, SERVER)
    assert read.visit == {}
    assert read.traits == {}
