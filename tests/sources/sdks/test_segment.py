"""Events of Segment and RudderStack as touches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collected import Collected
from sources.sdks.outcome import Outcome, Skipped, SkipReason, Unmapped
from sources.sdks.segment import map_event, map_payload
from tests.sources.sdks.payloads import BROWSER, JSON, NOW_MS, SERVER, objects_with, only

URL = "https://shop.example.org/a"
BASE = {"messageId": "m1", "timestamp": "2026-12-01T04:00:00Z", "userId": "u1", "anonymousId": "a1"}
COMMON = {"event_id": "m1", "occurred_at": "2026-12-01T04:00:00Z", "customer_id": "u1", "anonymous_id": "a1"}


def touch_of(event: dict[str, object], channel: str = "visits") -> dict[str, object]:
    """Return the fields of the touch of a server's event, apart from the common ones, which are checked."""
    collected = only(map_event({**BASE, **event}, "", None, SERVER))
    assert collected.channel == channel
    assert {name: collected.touch.get(name) for name in COMMON} == COMMON
    return {name: value for name, value in collected.touch.items() if name not in COMMON}


@pytest.mark.parametrize(
    ("event", "touch"),
    [
        (
            {"type": "page", "name": "Home", "category": "Docs", "properties": {"url": URL, "title": "A", "plan": 1}},
            {
                "type": "page",
                "url": URL,
                "title": "A",
                "properties": {"name": "Home", "category": "Docs", "plan": 1},
            },
        ),
        ({"type": "page", "name": "Home"}, {"type": "screen", "name": "Home"}),
        ({"type": "page", "properties": {"url": "file:///a"}}, {"type": "screen", "properties": {"url": "file:///a"}}),
        ({"type": "screen", "name": "Main"}, {"type": "screen", "name": "Main"}),
        (
            {"type": "identify", "traits": {"email": "ada@example.org", "plan": "pro"}},
            {
                "type": "identify",
                "email": "ada@example.org",
                "properties": {"traits": {"email": "ada@example.org", "plan": "pro"}},
            },
        ),
        (
            {"type": "identify", "context": {"traits": {"phone": "+4930901820"}}},
            {"type": "identify", "phone": "+4930901820", "properties": {"traits": {"phone": "+4930901820"}}},
        ),
        (
            {"type": "track", "event": "Signed Up", "properties": {"plan": "pro", "seats": 3}},
            {"type": "custom", "name": "Signed Up", "properties": {"plan": "pro", "seats": 3}},
        ),
        (
            {
                "type": "track",
                "event": "Products Searched",
                "context": {"page": {"url": URL}},
                "properties": {"q": "x"},
            },
            {"type": "search", "name": "Products Searched", "url": URL, "properties": {"q": "x"}},
        ),
        ({"type": "track", "event": "Products Searched"}, {"type": "custom", "name": "Products Searched"}),
        (
            {"type": "track", "event": "Docs Read", "properties": {"url": "https://other.example.org/"}},
            {"type": "custom", "name": "Docs Read", "properties": {"url": "https://other.example.org/"}},
        ),
    ],
)
def test_visits(event: dict[str, object], touch: dict[str, object]) -> None:
    assert touch_of(event) == touch


def test_an_alias_joins_the_former_id_as_an_anonymous_one() -> None:
    event = {**BASE, "type": "alias", "previousId": "u0"}
    assert only(map_event(event, "", None, SERVER)) == Collected(
        "visits", {**COMMON, "type": "identify", "anonymous_id": "u0"}
    )


def test_an_order_is_a_touch_of_orders() -> None:
    event = {
        "type": "track",
        "event": "Order Completed",
        "properties": {"order_id": "o1", "total": 12.5, "currency": "EUR", "gift": True},
        "context": {"page": {"url": URL, "title": "Thank you"}, "ip": "203.0.113.9", "userAgent": "Mozilla/5.0"},
    }
    assert touch_of(event, "orders") == {
        "type": "placed",
        "order_id": "o1",
        "total": "12.5",
        "currency": "EUR",
        "properties": {"event": "Order Completed", "url": URL, "gift": True},
    }


def test_traits_of_a_group_do_not_identify_the_person() -> None:
    traits = {"name": "Acme", "email": "office@acme.example"}
    touch = touch_of({"type": "group", "groupId": "g1", "traits": traits}, "groups")
    assert touch == {"type": "group", "group_id": "g1", "group_traits": traits}


def test_a_decision_about_consent_is_a_touch_for_each_purpose() -> None:
    event = {
        **BASE,
        "type": "track",
        "event": "Segment Consent Preference Updated",
        "context": {"consent": {"categoryPreferences": {"ads": False, "mail": True}}},
    }
    assert map_event(event, "", None, SERVER) == [
        Collected("consents", {**COMMON, "event_id": "m1:ads", "type": "withdrawn", "purpose": "ads"}),
        Collected("consents", {**COMMON, "event_id": "m1:mail", "type": "given", "purpose": "mail"}),
    ]


def test_consent_that_every_event_repeats_stays_a_property() -> None:
    consent = {"categoryPreferences": {"ads": False}}
    touch = touch_of({"type": "track", "event": "A", "context": {"consent": consent}})
    assert touch["properties"] == {"context": {"consent": consent}}


def test_an_alias_of_itself_is_no_touch() -> None:
    event = {**BASE, "type": "alias", "previousId": "u1"}
    assert map_event(event, "", None, SERVER) == [Skipped(SkipReason.ALIAS_OF_ITSELF)]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "tracks"},
        {"type": None},
        {},
        {"type": "track"},
        {"type": "track", "event": " "},
        {"type": "track", "event": 7},
        {"type": "group"},
        {"type": "group", "groupId": ""},
        {"type": "alias"},
        {"type": "alias", "previousId": "a", "userId": None},
    ],
)
def test_an_event_without_what_its_type_needs_is_unmapped(event: dict[str, object]) -> None:
    assert map_event({**event, "writeKey": "k"}, "", None, SERVER) == [Unmapped("visits", event)]


@pytest.mark.parametrize(
    ("times", "occurred_at"),
    [
        ({"timestamp": "T", "originalTimestamp": "O"}, "T"),
        ({"timestamp": None, "originalTimestamp": "O"}, "O"),
        ({"timestamp": ""}, NOW_MS),
        ({}, NOW_MS),
    ],
)
def test_times(times: dict[str, object], occurred_at: object) -> None:
    touch = only(map_event({"type": "screen", **times}, "", None, SERVER)).touch
    assert touch["occurred_at"] == occurred_at


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_id_is_none(nothing: object) -> None:
    touch = only(map_event({"type": "screen", "userId": nothing, "anonymousId": nothing}, "", None, SERVER)).touch
    assert touch.keys() & {"customer_id", "anonymous_id"} == set()


def test_an_event_without_an_id_counts_once_however_often_it_is_sent() -> None:
    first = {"type": "track", "event": "A", "sentAt": "1", "writeKey": "k", "_metadata": {"n": 1}}
    again = {**first, "sentAt": "2", "_metadata": {"n": 2}}
    ids = [only(map_event(event, "", None, SERVER)).touch["event_id"] for event in (first, again)]
    assert ids[0] == ids[1]


def test_the_path_tells_the_type_of_an_event_that_names_none() -> None:
    assert only(map_payload({"event": "A"}, "track", SERVER)).touch["type"] == "custom"
    assert only(map_payload({"type": "screen"}, "track", SERVER)).touch["type"] == "screen"


def test_a_batch() -> None:
    payload = {
        "batch": [{"type": "screen", "messageId": "1"}, 5, {"type": "nothing"}, {"type": "screen", "messageId": "2"}],
        "context": {"app": {"name": "Shop"}},
        "sentAt": NOW_MS - 60_000,
        "writeKey": "k",
    }
    expected = {"occurred_at": NOW_MS, "sent_at": NOW_MS - 60_000, "type": "screen", "app": {"name": "Shop"}}
    outcomes = map_payload(payload, "batch", SERVER)
    assert outcomes == [
        Collected("visits", {"event_id": "1", **expected}),
        Unmapped("visits", 5),
        Unmapped("visits", {"type": "nothing", "context": {"app": {"name": "Shop"}}}),
        Collected("visits", {"event_id": "2", **expected}),
    ]


@pytest.mark.parametrize("payload", [None, [], "a", {"batch": {}}, {"writeKey": "k"}])
def test_a_payload_that_is_no_batch_is_unmapped(payload: object) -> None:
    (outcome,) = map_payload(payload, "batch", SERVER)
    assert isinstance(outcome, Unmapped)
    assert "writeKey" not in str(outcome)


EVENTS = objects_with(
    type=st.sampled_from(["page", "screen", "identify", "track", "group", "alias"]),
    event=st.sampled_from(["Order Completed", "Product Added", "Segment Consent Preference Updated", "A"]),
    messageId=st.text(max_size=5),
    userId=st.text(max_size=3),
    previousId=st.text(max_size=3),
    groupId=st.text(max_size=3),
    properties=objects_with(order_id=st.text(max_size=3), products=st.lists(JSON, max_size=2), url=st.just(URL)),
    traits=objects_with(email=st.text(max_size=5)),
    context=objects_with(
        page=objects_with(url=st.just(URL)),
        library=objects_with(name=st.just("analytics.js")),
        consent=objects_with(categoryPreferences=st.dictionaries(st.text(max_size=3), st.booleans(), max_size=2)),
        app=objects_with(name=st.text(max_size=3)),
        traits=JSON,
        screen=objects_with(width=st.integers(), height=st.integers()),
    ),
)


@given(st.lists(EVENTS | JSON, max_size=4), JSON)
def test_any_batch_has_an_outcome_for_each_event_and_never_raises(events: list[object], sent_at: object) -> None:
    outcomes = map_payload({"batch": events, "sentAt": sent_at}, "batch", BROWSER)
    alone: list[Outcome] = []
    for event in events:
        parts = map_payload({"batch": [event], "sentAt": sent_at}, "batch", BROWSER)
        assert parts
        alone += parts
    assert repr(outcomes) == repr(alone)  # by repr, since NaN differs from itself
    for outcome in outcomes:
        if isinstance(outcome, Collected):
            assert {"type", "event_id", "occurred_at"} <= outcome.touch.keys()
