"""What the tests send by each family of SDKs, and the touches that it has to become.

Calls of a family are the same for all its SDKs, as JSON that the programs in `python` and `node` read. Expected touches
are without event id, time and library, which differ by SDK and run.
"""

from typing import Any, Final

AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PAGE: Final = "https://shop.example.org/pricing?utm_source=news"

SEGMENT_CALLS: Final[list[dict[str, Any]]] = [
    {"call": "identify", "userId": "c-1", "traits": {"email": "ada@example.org", "name": "Ada"}},
    {"call": "page", "userId": "c-1", "name": "Pricing", "properties": {"url": PAGE, "title": "Prices"}},
    {"call": "screen", "userId": "c-1", "name": "Main", "properties": {"tab": 2}},
    {
        "call": "track",
        "userId": "c-1",
        "event": "Signed Up",
        "properties": {"plan": "pro", "seats": 3, "greeting": "Grüße 👋"},
        "context": {"ip": "198.51.100.7", "userAgent": AGENT},
    },
    {"call": "track", "anonymousId": "a-1", "event": "Docs Read", "properties": {}},
    {
        "call": "track",
        "userId": "c-1",
        "event": "Order Completed",
        "properties": {
            "order_id": "o-1",
            "total": 25.1,
            "currency": "EUR",
            "products": [{"sku": "s-1", "name": "Cup", "price": 12.55, "quantity": 2}],
        },
    },
    {"call": "group", "userId": "c-1", "groupId": "g-1", "traits": {"name": "Acme", "email": "office@acme.example"}},
    {"call": "alias", "userId": "c-1", "previousId": "c-0"},
    {"call": "alias", "userId": "c-1", "previousId": "c-1"},
]
SEGMENT_TOUCHES: Final[list[tuple[str, dict[str, Any]]]] = [
    (
        "visits",
        {
            "type": "identify",
            "customer_id": "c-1",
            "email": "ada@example.org",
            "properties": {"traits": {"email": "ada@example.org", "name": "Ada"}},
        },
    ),
    (
        "visits",
        {"type": "page", "customer_id": "c-1", "url": PAGE, "title": "Prices", "properties": {"name": "Pricing"}},
    ),
    ("visits", {"type": "screen", "customer_id": "c-1", "name": "Main", "properties": {"tab": 2}}),
    (
        "visits",
        {
            "type": "custom",
            "customer_id": "c-1",
            "name": "Signed Up",
            "user_agent": AGENT,
            "ip": "198.51.100.7",
            "properties": {"plan": "pro", "seats": 3, "greeting": "Grüße 👋"},
        },
    ),
    ("visits", {"type": "custom", "anonymous_id": "a-1", "name": "Docs Read"}),
    (
        "orders",
        {
            "type": "placed",
            "customer_id": "c-1",
            "order_id": "o-1",
            "total": "25.1",
            "currency": "EUR",
            "items": [{"sku": "s-1", "name": "Cup", "price": "12.55", "quantity": 2}],
            "properties": {"event": "Order Completed"},
        },
    ),
    (
        "groups",
        {
            "type": "group",
            "customer_id": "c-1",
            "group_id": "g-1",
            "group_traits": {"name": "Acme", "email": "office@acme.example"},
        },
    ),
    ("visits", {"type": "identify", "customer_id": "c-1", "anonymous_id": "c-0"}),
]

_SNOWPLOW: Final = "com.snowplowanalytics.snowplow"
_PERSON: Final = {"user": "c-1", "ip": "198.51.100.7", "agent": AGENT}
SNOWPLOW_EVENTS: Final[list[dict[str, Any]]] = [
    {**_PERSON, "kind": "page", "url": PAGE, "title": "Prices"},
    {**_PERSON, "kind": "structured", "category": "video", "action": "play", "value": 2.5},
    {
        **_PERSON,
        "kind": "self_describing",
        "schema": "iglu:org.example/thing/jsonschema/1-0-0",
        "data": {"greeting": "Grüße 👋"},
    },
    {
        **_PERSON,
        "kind": "self_describing",
        "schema": f"iglu:{_SNOWPLOW}.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2",
        "data": {"type": "transaction"},
        "contexts": [
            {
                "schema": f"iglu:{_SNOWPLOW}.ecommerce/transaction/jsonschema/1-0-0",
                "data": {"transaction_id": "o-1", "revenue": 25.1, "currency": "EUR"},
            }
        ],
    },
]
_VISITOR: Final = {"customer_id": "c-1", "ip": "198.51.100.7", "user_agent": AGENT}
SNOWPLOW_TOUCHES: Final[list[tuple[str, dict[str, Any]]]] = [
    ("visits", {**_VISITOR, "type": "page", "url": PAGE, "title": "Prices"}),
    ("visits", {**_VISITOR, "type": "custom", "name": "play", "properties": {"category": "video", "value": 2.5}}),
    (
        "visits",
        {
            **_VISITOR,
            "type": "custom",
            "name": "org.example/thing",
            "properties": {"schema": "iglu:org.example/thing/jsonschema/1-0-0", "greeting": "Grüße 👋"},
        },
    ),
    ("orders", {"type": "placed", "customer_id": "c-1", "order_id": "o-1", "total": "25.1", "currency": "EUR"}),
]

POSTHOG_CALLS: Final[list[dict[str, Any]]] = [
    {"call": "set", "distinct_id": "c-1", "properties": {"email": "ada@example.org"}},
    {"call": "capture", "event": "$pageview", "distinct_id": "c-1", "properties": {"$current_url": PAGE}},
    {"call": "capture", "event": "Signed Up", "distinct_id": "c-1", "properties": {"plan": "pro"}},
    {"call": "alias", "previous_id": "a-1", "distinct_id": "c-1"},
    {"call": "group_identify", "group_type": "company", "group_key": "g-1", "properties": {"name": "Acme"}},
]
POSTHOG_TOUCHES: Final[list[tuple[str, dict[str, Any]]]] = [
    (
        "visits",
        {
            "type": "identify",
            "customer_id": "c-1",
            "email": "ada@example.org",
            "properties": {"traits": {"email": "ada@example.org"}},
        },
    ),
    ("visits", {"type": "page", "customer_id": "c-1", "url": PAGE}),
    ("visits", {"type": "custom", "customer_id": "c-1", "name": "Signed Up", "properties": {"plan": "pro"}}),
    ("visits", {"type": "identify", "customer_id": "c-1", "anonymous_id": "a-1"}),
    (
        "groups",
        {
            "type": "group",
            "group_id": "g-1",
            "group_traits": {"name": "Acme"},
            "properties": {"group_type": "company"},
        },
    ),
]

FAMILIES: Final[dict[str, tuple[list[dict[str, Any]], list[tuple[str, dict[str, Any]]]]]] = {
    "segment": (SEGMENT_CALLS, SEGMENT_TOUCHES),
    "rudderstack": (SEGMENT_CALLS, SEGMENT_TOUCHES),
    "snowplow": (SNOWPLOW_EVENTS, SNOWPLOW_TOUCHES),
    "posthog": (POSTHOG_CALLS, POSTHOG_TOUCHES),
}
"""By family: the calls, and the touches that they become."""
