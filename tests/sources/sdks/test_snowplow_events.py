"""Self-describing events and contexts of Snowplow."""

import json
from base64 import b64encode, urlsafe_b64encode

import pytest

from sources.sdks.snowplow_events import (
    SelfDescribing,
    context_fields,
    decode_field,
    parse_self_describing,
    read_contexts,
    shop_event,
)

THING = {"schema": "iglu:org.example/thing/jsonschema/1-0-0", "data": {"a": "ÿ?>"}}
SHOP = "com.snowplowanalytics.snowplow.ecommerce"


@pytest.mark.parametrize(
    "field",
    [
        {"ue_pr": json.dumps(THING)},
        {"ue_px": urlsafe_b64encode(json.dumps(THING).encode()).decode()},
        {"ue_px": urlsafe_b64encode(json.dumps(THING).encode()).decode().rstrip("=")},
        {"ue_px": b64encode(json.dumps(THING, ensure_ascii=False).encode()).decode()},
    ],
)
def test_fields_come_as_text_or_base64(field: dict[str, object]) -> None:
    assert decode_field(field, "ue_pr", "ue_px") == THING


@pytest.mark.parametrize(
    "field",
    [
        {},
        {"ue_pr": ""},
        {"ue_pr": "{"},
        {"ue_pr": "[1]"},
        {"ue_pr": "[" * 100_000},
        {"ue_px": "%%%"},
        {"ue_px": "_w"},
        {"ue_px": 7},
    ],
)
def test_a_field_that_cannot_be_decoded_is_empty(field: dict[str, object]) -> None:
    assert decode_field(field, "ue_pr", "ue_px") == {}


def test_self_describing_json() -> None:
    assert parse_self_describing(THING) == SelfDescribing("org.example/thing", str(THING["schema"]), {"a": "ÿ?>"})


@pytest.mark.parametrize("value", [None, {}, {"schema": "x/y/z/1"}, {"schema": "iglu:a/b"}, {"schema": 5}, []])
def test_other_json_describes_nothing(value: object) -> None:
    assert parse_self_describing(value) is None


def test_contexts() -> None:
    entries = [
        THING,
        {"schema": "iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0", "data": {"id": "p-1"}},
        {"schema": "iglu:com.snowplowanalytics.mobile/application/jsonschema/1-0-0", "data": {"version": "2.1"}},
        "none",
    ]
    contexts = read_contexts({"co": json.dumps({"schema": "iglu:x", "data": entries})})
    assert contexts["org.example/thing"] == [{"a": "ÿ?>"}]
    assert context_fields(contexts) == {"page_id": "p-1", "app": {"version": "2.1"}}
    assert read_contexts({"co": "{}"}) == {}


@pytest.mark.parametrize(
    ("action", "contexts", "event"),
    [
        (
            "transaction",
            {
                f"{SHOP}/transaction": [{"transaction_id": "o1", "revenue": 9.5, "currency": "EUR"}],
                f"{SHOP}/product": [{"id": "p"}],
            },
            {
                "event": "order completed",
                "properties": {"order_id": "o1", "total": 9.5, "currency": "EUR", "products": [{"id": "p"}]},
            },
        ),
        (
            "refund",
            {f"{SHOP}/refund": [{"transaction_id": "o1", "refund_amount": 3, "currency": "EUR"}]},
            {"event": "order refunded", "properties": {"order_id": "o1", "total": 3, "currency": "EUR"}},
        ),
        (
            "add_to_cart",
            {f"{SHOP}/cart": [{"total_value": 4, "currency": "EUR"}]},
            {"event": "product added", "properties": {"total": 4, "currency": "EUR"}},
        ),
        ("product_view", {}, {}),
        (None, {}, {}),
    ],
)
def test_shop_actions(action: object, contexts: dict[str, list[dict[str, object]]], event: dict[str, object]) -> None:
    assert shop_event({"type": action}, contexts) == event
