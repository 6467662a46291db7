"""Events of Snowplow's tracker protocol as touches."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collected import Collected
from sources.sdks.outcome import Skipped, SkipReason, Unmapped
from sources.sdks.snowplow import app_id, map_event, map_payload
from tests.sources.sdks.payloads import BROWSER, JSON, NOW_MS, SERVER, objects_with, only

URL = "https://shop.example.org/a"
SNOWPLOW = "com.snowplowanalytics.snowplow"
BASE = {"eid": "e1", "dtm": str(NOW_MS - 10), "stm": str(NOW_MS - 900), "uid": "u1", "duid": "d1", "tv": "py-1.1.0"}
COMMON = {
    "event_id": "e1",
    "occurred_at": NOW_MS - 10,
    "customer_id": "u1",
    "anonymous_id": "d1",
    "library": "snowplow-py",
    "library_version": "1.1.0",
}


def self_describing(schema: str, data: object) -> dict[str, object]:
    """Return a self-describing event."""
    inner = {"schema": f"iglu:{schema}/jsonschema/1-0-1", "data": data}
    return {
        "e": "ue",
        "ue_pr": json.dumps({"schema": f"iglu:{SNOWPLOW}/unstruct_event/jsonschema/1-0-0", "data": inner}),
    }


def contexts(*entries: tuple[str, object]) -> str:
    """Return a field `co`."""
    return json.dumps({"data": [{"schema": f"iglu:{name}/jsonschema/1-0-0", "data": data} for name, data in entries]})


def touch_of(event: dict[str, object]) -> dict[str, object]:
    """Return the fields of the visit of a server's event, apart from the common ones, which are checked."""
    collected = only(map_event({**BASE, **event}, SERVER))
    assert collected.channel == "visits"
    assert {name: collected.touch.get(name) for name in COMMON} == COMMON
    return {name: value for name, value in collected.touch.items() if name not in COMMON}


@pytest.mark.parametrize(
    ("event", "touch"),
    [
        (
            {"e": "pv", "url": URL, "page": "A", "refr": "https://a.example.org/", "res": "1280x720", "lang": "de"},
            {
                "type": "page",
                "url": URL,
                "title": "A",
                "referrer": "https://a.example.org/",
                "screen": "1280x720",
                "properties": {"locale": "de"},
            },
        ),
        ({"e": "pv", "page": "A"}, {"type": "screen", "name": "A", "title": "A"}),
        (
            {
                "e": "pv",
                "url": URL,
                "co": contexts((f"{SNOWPLOW}/web_page", {"id": "p-1"}), ("org.example/x", {"y": 1})),
            },
            {
                "type": "page",
                "url": URL,
                "page_id": "p-1",
                "properties": {"contexts": {"org.example/x": [{"y": 1}]}},
            },
        ),
        (
            {"e": "se", "se_ca": "video", "se_ac": "play", "se_la": "intro", "se_va": "2.5"},
            {"type": "custom", "name": "play", "properties": {"category": "video", "label": "intro", "value": 2.5}},
        ),
        (
            {**self_describing(f"{SNOWPLOW}/link_click", {"targetUrl": "https://b.example.org/"}), "url": URL},
            {
                "type": "click",
                "url": URL,
                "name": f"{SNOWPLOW}/link_click",
                "properties": {
                    "schema": f"iglu:{SNOWPLOW}/link_click/jsonschema/1-0-1",
                    "target_url": "https://b.example.org/",
                },
            },
        ),
        (
            {**self_describing(f"{SNOWPLOW}/submit_form", {"formId": "f"}), "url": URL},
            {
                "type": "form",
                "url": URL,
                "name": f"{SNOWPLOW}/submit_form",
                "properties": {"schema": f"iglu:{SNOWPLOW}/submit_form/jsonschema/1-0-1", "formId": "f"},
            },
        ),
        (
            self_describing("com.snowplowanalytics.mobile/screen_view", {"name": "Main"}),
            {
                "type": "screen",
                "name": "Main",
                "properties": {
                    "schema": "iglu:com.snowplowanalytics.mobile/screen_view/jsonschema/1-0-1",
                    "name": "Main",
                },
            },
        ),
        (
            self_describing("org.example/thing", {"a": 1}),
            {
                "type": "custom",
                "name": "org.example/thing",
                "properties": {"schema": "iglu:org.example/thing/jsonschema/1-0-1", "a": 1},
            },
        ),
        (
            {"e": "ti", "ti_id": "o1", "ti_sk": "s", "ti_pr": "3.5", "ti_qu": "2"},
            {
                "type": "custom",
                "name": "transaction_item",
                "properties": {"order_id": "o1", "sku": "s", "price": "3.5", "quantity": 2.0},
            },
        ),
    ],
)
def test_visits(event: dict[str, object], touch: dict[str, object]) -> None:
    assert touch_of(event) == touch


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (
            {"e": "tr", "tr_id": "o1", "tr_tt": "12.50", "tr_cu": "EUR", "tr_tx": "2"},
            {"type": "placed", "order_id": "o1", "total": "12.50", "currency": "EUR", "tax": "2"},
        ),
        (
            {
                **self_describing(f"{SNOWPLOW}.ecommerce/snowplow_ecommerce_action", {"type": "transaction"}),
                "co": contexts((f"{SNOWPLOW}.ecommerce/transaction", {"transaction_id": "o1", "revenue": 9.5})),
            },
            {"type": "placed", "order_id": "o1", "total": "9.5"},
        ),
    ],
)
def test_orders(event: dict[str, object], fields: dict[str, object]) -> None:
    assert only(map_event({**BASE, **event, "url": URL}, SERVER)) == Collected(
        "orders", {**COMMON, **fields, "properties": {"url": URL}}
    )


def test_consents() -> None:
    decision = {"eventType": "deny_all", "consentScopes": ["ads"]}
    event = {**BASE, **self_describing(f"{SNOWPLOW}/consent_preferences", decision)}
    assert only(map_event(event, SERVER)) == Collected(
        "consents", {**COMMON, "event_id": "e1:ads", "type": "withdrawn", "purpose": "ads"}
    )


def test_a_ping_names_its_page_view() -> None:
    contexts = json.dumps({"data": [{"schema": f"iglu:{SNOWPLOW}/web_page/jsonschema/1-0-0", "data": {"id": "p1"}}]})
    assert only(map_event({**BASE, "e": "pp", "url": URL, "co": contexts}, SERVER)) == Collected(
        "visits", {**COMMON, "type": "ping", "page_id": "p1"}
    )


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"e": "pp", "url": URL}, SkipReason.PAGE_PING),
        (self_describing(f"{SNOWPLOW}/application_error", {"message": "x"}), SkipReason.ERROR_REPORT),
    ],
)
def test_events_that_are_no_touch(event: dict[str, object], reason: SkipReason) -> None:
    assert map_event({**BASE, **event}, SERVER) == [Skipped(reason)]


@pytest.mark.parametrize("event", [{"e": "xx"}, {}, {"e": "se"}, {"e": "ue"}, {"e": "ue", "ue_px": "%"}, {"e": "tr"}])
def test_an_event_without_what_its_kind_needs_is_unmapped(event: dict[str, object]) -> None:
    assert map_event({**event, "aid": "key"}, SERVER) == [Unmapped("visits", event)]


@pytest.mark.parametrize(
    ("times", "fields"),
    [
        ({"ttm": "1796000000000", "dtm": "1"}, {"occurred_at": 1_796_000_000_000}),
        ({"dtm": "soon"}, {"occurred_at": "soon"}),
        ({}, {"occurred_at": NOW_MS}),
        ({"dtm": "5", "stm": str(NOW_MS - 60_000)}, {"occurred_at": 5, "sent_at": NOW_MS - 60_000}),
    ],
)
def test_times(times: dict[str, object], fields: dict[str, object]) -> None:
    touch = only(map_event({"e": "pv", **times}, SERVER)).touch
    assert {name: value for name, value in touch.items() if name in ("occurred_at", "sent_at")} == fields


def test_user_agent_and_address() -> None:
    sent = {"e": "pv", "url": URL, "ua": "Mozilla/5.0", "ip": "203.0.113.9"}
    server = only(map_event({**sent, "tv": "py-1.1.0"}, SERVER)).touch
    assert (server["user_agent"], server["ip"]) == ("Mozilla/5.0", "203.0.113.9")
    browser = only(map_event({**sent, "tv": "js-4.10.1"}, BROWSER)).touch
    assert (browser["user_agent"], browser["ip"]) == (BROWSER.user_agent, BROWSER.ip)


def test_a_batch_of_tp2() -> None:
    payload = {"schema": "iglu:x", "data": [{"e": "pv", "aid": "k", "url": URL}, 7, {"e": "pp"}]}
    assert app_id(payload) == "k"
    outcomes = map_payload(payload, SERVER)
    assert [type(outcome) for outcome in outcomes] == [Collected, Unmapped, Skipped]
    assert "'aid'" not in str(outcomes)


@pytest.mark.parametrize("payload", [None, 5, {}, {"data": {}}, {"data": [5, {"aid": 7}]}])
def test_a_payload_without_an_app_id(payload: object) -> None:
    assert app_id(payload) == ""


@given(
    st.lists(
        JSON
        | objects_with(
            e=st.sampled_from(["pv", "pp", "se", "ue", "tr", "ti"]),
            se_ac=st.just("a"),
            ue_pr=JSON.map(lambda value: json.dumps({"data": {"schema": "iglu:a/b/jsonschema/1-0-0", "data": value}})),
            co=JSON.map(lambda value: json.dumps({"data": value})),
            tr_id=st.just("o"),
            dtm=st.text(max_size=3),
            tv=st.just("js-1"),
        ),
        max_size=4,
    )
)
def test_any_payload_has_an_outcome_for_each_event_and_never_raises(events: list[object]) -> None:
    outcomes = map_payload({"data": events}, BROWSER)
    assert len(outcomes) >= len(events)
    for outcome in outcomes:
        if isinstance(outcome, Collected):
            assert {"type", "event_id", "occurred_at"} <= outcome.touch.keys()
