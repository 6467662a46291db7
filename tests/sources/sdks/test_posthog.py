"""Events of PostHog's capture format as touches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collected import Collected
from sources.sdks.outcome import Skipped, SkipReason, Unmapped
from sources.sdks.posthog import map_event, map_payload
from tests.sources.sdks.payloads import BROWSER, JSON, NOW_MS, SERVER, objects_with, only

URL = "https://shop.example.org/a"
BASE = {"uuid": "e1", "timestamp": "2026-12-01T04:00:00Z", "distinct_id": "u1"}
LIBRARY = {"$lib": "posthog-python", "$lib_version": "7.91.1"}
COMMON = {
    "event_id": "e1",
    "occurred_at": "2026-12-01T04:00:00Z",
    "library": "posthog-python",
    "library_version": "7.91.1",
}


def touch_of(event: dict[str, object], channel: str = "visits") -> dict[str, object]:
    """Return the fields of the touch of a server's event, apart from the common ones, which are checked."""
    properties = event.get("properties", {})
    assert isinstance(properties, dict)
    collected = only(map_event({**BASE, **event, "properties": {**LIBRARY, **properties}}, None, SERVER))
    assert collected.channel == channel
    assert {name: collected.touch.get(name) for name in COMMON} == COMMON
    return {name: value for name, value in collected.touch.items() if name not in COMMON}


@pytest.mark.parametrize(
    ("event", "touch"),
    [
        (
            {"event": "Signed Up", "properties": {"plan": "pro", "$os": "Linux", "$set": {"email": "ada@example.org"}}},
            {
                "type": "custom",
                "name": "Signed Up",
                "customer_id": "u1",
                "email": "ada@example.org",
                "properties": {"traits": {"email": "ada@example.org"}, "plan": "pro"},
            },
        ),
        (
            {"event": "$pageview", "properties": {"$current_url": URL, "$referrer": "$direct", "title": "A"}},
            {"type": "page", "url": URL, "title": "A", "customer_id": "u1", "properties": {"title": "A"}},
        ),
        (
            {"event": "$screen", "properties": {"$screen_name": "Main", "$app_version": "2", "$screen_width": 390}},
            {"type": "screen", "name": "Main", "app": {"version": "2"}, "customer_id": "u1"},
        ),
        (
            {"event": "$identify", "properties": {"$anon_distinct_id": "a1"}, "$set": {"plan": "pro"}},
            {
                "type": "identify",
                "customer_id": "u1",
                "anonymous_id": "a1",
                "properties": {"traits": {"plan": "pro"}},
            },
        ),
        (
            {"event": "$create_alias", "properties": {"distinct_id": "a1", "alias": "u1"}},
            {"type": "identify", "customer_id": "u1", "anonymous_id": "a1"},
        ),
        (
            {"event": "A", "properties": {"$process_person_profile": False}},
            {"type": "custom", "name": "A", "anonymous_id": "u1"},
        ),
        (
            {"event": "A", "properties": {"$user_id": "c1", "$groups": {"team": "t", "company": "g1"}}},
            {"type": "custom", "name": "A", "customer_id": "c1", "anonymous_id": "u1", "ids": {"group": "g1"}},
        ),
    ],
)
def test_visits(event: dict[str, object], touch: dict[str, object]) -> None:
    assert touch_of(event) == touch


def test_a_group() -> None:
    properties = {"$group_type": "company", "$group_key": "g1", "$group_set": {"name": "Acme"}}
    assert touch_of({"event": "$groupidentify", "properties": properties}, "groups") == {
        "type": "group",
        "group_id": "g1",
        "group_traits": {"name": "Acme"},
        "properties": {"group_type": "company"},
    }


def test_an_order() -> None:
    properties = {"order_id": "o1", "revenue": 5, "$current_url": URL}
    assert touch_of({"event": "Order Completed", "properties": properties}, "orders") == {
        "type": "placed",
        "customer_id": "u1",
        "order_id": "o1",
        "total": "5",
        "properties": {"event": "Order Completed", "url": URL},
    }


def test_a_browsers_visitor() -> None:
    event = {**BASE, "event": "$pageview", "properties": {"$lib": "web", "$current_url": URL, "$device_id": "d"}}
    touch = only(map_event(event, None, BROWSER)).touch
    assert "customer_id" not in touch
    assert (touch["anonymous_id"], touch["ip"], touch["user_agent"]) == ("u1", BROWSER.ip, BROWSER.user_agent)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"event": "$feature_flag_called"}, SkipReason.SDK_INTERNAL),
        ({"event": "$exception"}, SkipReason.ERROR_REPORT),
        ({"event": "$create_alias", "properties": {"alias": "a", "distinct_id": "a"}}, SkipReason.ALIAS_OF_ITSELF),
    ],
)
def test_events_that_are_no_touch(event: dict[str, object], reason: SkipReason) -> None:
    assert map_event(event, None, SERVER) == [Skipped(reason)]


@pytest.mark.parametrize("event", [None, 5, {}, {"event": ""}, {"event": "$groupidentify"}])
def test_an_event_without_what_it_needs_is_unmapped(event: object) -> None:
    assert map_event(event, None, SERVER) == [Unmapped("visits", event)]


def test_a_batch_and_a_single_event() -> None:
    batch = {"api_key": "k", "sent_at": NOW_MS - 60_000, "batch": [{"event": "A"}, 7, {"event": "$snapshot"}]}
    outcomes = map_payload(batch, SERVER)
    assert [type(outcome) for outcome in outcomes] == [Collected, Unmapped, Skipped]
    assert only(outcomes[:1]).touch["sent_at"] == NOW_MS - 60_000
    assert only(map_payload({"api_key": "k", "event": "A"}, SERVER)).touch["name"] == "A"
    assert "'k'" not in str(outcomes)


@pytest.mark.parametrize("payload", [None, [], {}, {"batch": 5, "api_key": "k"}])
def test_a_payload_of_another_form_is_unmapped(payload: object) -> None:
    (outcome,) = map_payload(payload, SERVER)
    assert isinstance(outcome, Unmapped)
    assert "api_key" not in str(outcome)


@given(
    st.lists(
        JSON
        | objects_with(
            event=st.sampled_from(["A", "$pageview", "$identify", "$create_alias", "$groupidentify", "Order Paid"]),
            distinct_id=st.text(max_size=3),
            properties=objects_with(
                order_id=st.just("o"), alias=JSON, distinct_id=JSON, **{"$set": JSON, "$groups": JSON, "$lib": JSON}
            ),
        ),
        max_size=4,
    )
)
def test_any_payload_has_an_outcome_for_each_event_and_never_raises(events: list[object]) -> None:
    outcomes = map_payload({"batch": events}, SERVER)
    assert len(outcomes) == len(events)
    for outcome in outcomes:
        if isinstance(outcome, Collected):
            assert {"type", "event_id", "occurred_at"} <= outcome.touch.keys()
