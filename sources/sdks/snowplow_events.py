"""Snowplow's self-describing events and contexts: what they are by their Iglu schema.

The schemas are public (github.com/snowplow/iglu-central); a schema is named here without its version, as
`vendor/name`, since versions add fields.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Final, NamedTuple

from sources.payloads.event_fields import mapping_of, text_of, without_empty
from sources.payloads.json_limits import is_deeper

_SNOWPLOW: Final = "com.snowplowanalytics.snowplow"
_MOBILE: Final = "com.snowplowanalytics.mobile"
_SHOP: Final = "com.snowplowanalytics.snowplow.ecommerce"
LINK_CLICK: Final = f"{_SNOWPLOW}/link_click"
VISIT_TYPES: Final = {
    LINK_CLICK: "click",
    f"{_SNOWPLOW}/submit_form": "form",
    f"{_SNOWPLOW}/site_search": "search",
    f"{_SNOWPLOW}/screen_view": "screen",
    f"{_MOBILE}/screen_view": "screen",
}
"""Types of `visits` by schema. Every other schema is a custom event."""
ERROR_SCHEMAS: Final = frozenset({f"{_SNOWPLOW}/application_error", f"{_MOBILE}/diagnostic_error"})
SHOP_ACTION: Final = f"{_SHOP}/snowplow_ecommerce_action"
WEB_PAGE: Final = f"{_SNOWPLOW}/web_page"
APPLICATION: Final = f"{_MOBILE}/application"
SESSION: Final = f"{_SNOWPLOW}/client_session"
_ORDER_EVENTS: Final = {
    "transaction": "order completed",
    "refund": "order refunded",
    "add_to_cart": "product added",
}
"""Names of Segment's specification, which `sources.sdks.orders` reads, by the type of a shop action."""
_DEEPEST: Final = 100  # levels of JSON within a field; the contract allows fewer
_SCHEMA_PREFIX: Final = "iglu:"


class SelfDescribing(NamedTuple):
    """Data with the name of its schema, `vendor/name`, and the schema in full."""

    name: str
    schema: str
    data: dict[str, object]


def parse_self_describing(value: object) -> SelfDescribing | None:
    """Return decoded self-describing JSON, None if it is not of that form."""
    outer = mapping_of(value)
    schema = text_of(outer.get("schema"))
    parts = schema.removeprefix(_SCHEMA_PREFIX).split("/")
    if not schema.startswith(_SCHEMA_PREFIX) or len(parts) != 4:
        return None
    return SelfDescribing("/".join(parts[:2]), schema, mapping_of(outer.get("data")))


def decode_field(event: Mapping[str, object], plain: str, base64: str) -> dict[str, object]:
    """Return the JSON of a field that a tracker sends as text or as base64url, with or without padding.

    Returns an empty object for a field that is missing, cannot be decoded or is nested too deeply: what follows would
    fail on it, and a tracker sends a request that failed for ever.
    """
    text = event.get(plain)
    try:
        if not isinstance(text, str):
            encoded = text_of(event.get(base64)).rstrip("=").replace("+", "-").replace("/", "_")
            text = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        if not text or is_deeper(text.encode("utf-8", "surrogatepass"), _DEEPEST):
            return {}
        return mapping_of(json.loads(text))
    except (ValueError, RecursionError):  # base64, UTF-8 and JSON errors are all ValueErrors
        return {}


def read_contexts(event: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
    """Return the contexts of an event by the name of their schema. A schema may occur several times."""
    contexts: dict[str, list[dict[str, object]]] = {}
    entries = decode_field(event, "co", "cx").get("data")
    for entry in entries if isinstance(entries, list) else ():
        if context := parse_self_describing(entry):
            contexts.setdefault(context.name, []).append(context.data)
    return contexts


def context_fields(contexts: Mapping[str, list[dict[str, object]]]) -> dict[str, object]:
    """Return the fields of a visit that contexts fill: the id of the page view, and the app."""
    app = _first(contexts, APPLICATION)
    return without_empty(
        {
            "page_id": _first(contexts, WEB_PAGE).get("id"),
            "app": without_empty({name: app.get(name) for name in ("version", "build")}),
        }
    )


def shop_event(action: Mapping[str, object], contexts: Mapping[str, list[dict[str, object]]]) -> dict[str, object]:
    """Return a shop action as an event of Segment's specification: its name as `event`, and the properties.

    Amounts and products are in contexts. Returns an empty object for an action that is no order.
    """
    name = _ORDER_EVENTS.get(str(action.get("type")))
    if name is None:
        return {}
    paid, refund = _first(contexts, f"{_SHOP}/transaction"), _first(contexts, f"{_SHOP}/refund")
    cart = _first(contexts, f"{_SHOP}/cart")
    properties = {
        "order_id": paid.get("transaction_id") or refund.get("transaction_id"),
        "total": paid.get("revenue") or refund.get("refund_amount") or cart.get("total_value"),
        "currency": paid.get("currency") or refund.get("currency") or cart.get("currency"),
        "tax": paid.get("tax"),
        "shipping": paid.get("shipping"),
        "coupon": paid.get("discount_code"),
        "products": contexts.get(f"{_SHOP}/product"),
    }
    return {"event": name, "properties": without_empty(properties)}


def _first(contexts: Mapping[str, list[dict[str, object]]], name: str) -> dict[str, object]:
    return contexts.get(name, [{}])[0]
