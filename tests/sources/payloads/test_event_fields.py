"""Values that several mappings read in the same way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.payloads.event_fields import (
    add_campaign,
    contacts_of,
    event_id_of,
    id_of,
    mapping_of,
    objects_of,
    page_address,
    referrer_of,
    screen_size,
    text_of,
    visit_type,
    without_empty,
)
from tests.sources.sdks.payloads import JSON_OBJECTS

PAGE = "https://shop.example.org/a"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (PAGE, PAGE),
        (f" {PAGE} ", PAGE),
        ("HTTP://shop.example.org", "HTTP://shop.example.org"),
        ("about:blank", ""),
        ("file:///home/ada", ""),
        ("https://", ""),
        ("/a", ""),
        (None, ""),
        (5, ""),
    ],
)
def test_page_addresses(value: object, address: str) -> None:
    assert page_address(value) == address


def test_objects_of_an_array() -> None:
    assert objects_of([{"a": 1}, 2, None, {}]) == [{"a": 1}, {}]
    assert objects_of({"a": 1}) == objects_of(None) == []


def test_direct_is_no_referrer() -> None:
    assert referrer_of("$direct") == ""
    assert referrer_of(PAGE) == PAGE


@pytest.mark.parametrize(
    ("url", "campaign", "expected"),
    [
        (PAGE, {"name": "spring", "source": "news"}, f"{PAGE}?utm_campaign=spring&utm_source=news"),
        (f"{PAGE}?b=1#top", {"source": "a b"}, f"{PAGE}?b=1&utm_source=a+b#top"),
        (f"{PAGE}?utm_source=x", {"source": "news"}, f"{PAGE}?utm_source=x"),
        (PAGE, {}, PAGE),
        (PAGE, {"source": None, "medium": ""}, PAGE),
        ("https://[bad/", {"source": "news"}, "https://[bad/"),
    ],
)
def test_campaigns(url: str, campaign: dict[str, object], expected: str) -> None:
    assert add_campaign(url, campaign) == expected


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [("search", "", "custom"), ("search", PAGE, "search"), ("identify", "", "identify"), ("screen", "", "screen")],
)
def test_a_type_that_needs_a_page_is_custom_without_one(kind: str, url: str, expected: str) -> None:
    assert visit_type(kind, url) == expected


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (1280, 720, "1280x720"),
        (390.0, 844.4, "390x844"),
        (0, 720, ""),
        ("1280", "720", ""),
        (1e9, 1, ""),
        (None, 1, ""),
    ],
)
def test_screen_sizes(width: object, height: object, size: str) -> None:
    assert screen_size(width, height) == size


def test_small_values() -> None:
    assert mapping_of([1]) == {}
    assert text_of(7) == ""
    assert [id_of(value) for value in ("a", 7, True, None, [])] == ["a", 7, None, None, None]
    assert without_empty({"a": None, "b": "", "c": {}, "d": 0, "e": False, "f": []}) == {"d": 0, "e": False, "f": []}
    assert contacts_of({"email": " ada@example.org ", "phone": 5}) == {"email": "ada@example.org"}


@pytest.mark.parametrize("given_id", ["m-1", 17, "x" * 200])
def test_a_clients_id_is_kept(given_id: object) -> None:
    assert event_id_of(given_id, {"event": "a"}) == given_id


@pytest.mark.parametrize("given_id", [None, "", "  ", True, {}, "x" * 201])
def test_without_an_id_the_content_is_the_id(given_id: object) -> None:
    event = {"event": "a", "properties": {"n": 1, "m": 2}, "sentAt": "1"}
    reordered = {"sentAt": "2", "properties": {"m": 2, "n": 1}, "event": "a"}
    derived = event_id_of(given_id, event, ["sentAt"])
    assert derived == event_id_of(given_id, reordered, ["sentAt"])
    assert derived != event_id_of(given_id, {**event, "event": "b"}, ["sentAt"])


@given(JSON_OBJECTS | st.just({"event": "\ud800"}))
def test_every_event_has_an_id(event: dict[str, object]) -> None:
    derived = event_id_of(None, event)
    assert isinstance(derived, str)
    assert len(derived) == 32
