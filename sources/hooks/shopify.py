"""Shopify: orders, carts, customers and their consent.

Format: shopify.dev/docs/api/webhooks; the topic is in the header `X-Shopify-Topic`. Orders count once by their id and
type, so the same order may come from the shop's pages and from a server as well, if all name it alike.

A refund (`refunds/create`) names no customer. `orders/updated` does: subscribe to one of the two.

Options:

- `order_id`, the field that identifies an order elsewhere: `id` (as without the option), `name` such as `#1001`, or
  `order_number` such as 1001;
- `refunds`, what tells refunds of one order apart: `id` (as without the option), Shopify's id of the refund, or `total`
  where another sender reports the same refunds and does not know their ids.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.shopify_fields import contents_of, customer_of, origin_of, refunded_amount
from sources.hooks.signatures import matches_hmac
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import iso_ms
from sources.payloads.shown_texts import label_of

_ORDER_IDS: Final = ("id", "name", "order_number")
_REFUNDS: Final = ("id", "total")
_TRAITS: Final = ("first_name", "last_name", "tags", "state", "verified_email")
_CONSENT: Final = {"subscribed": "given", "unsubscribed": "withdrawn"}


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the app's secret has signed the body. Shopify documents no tolerance of time."""
    signature = request.headers.get("x-shopify-hmac-sha256", "")
    genuine = matches_hmac(source.secrets, request.body, signature, encoding="base64")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of an event, none for topics that are none."""
    topic = request.headers.get("x-shopify-topic", "")
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    map_topic = _TOPICS.get(topic)
    if map_topic is None:
        return () if topic else Unmappable("the header X-Shopify-Topic is missing")
    triggered_at_ms = iso_ms(request.headers.get("x-shopify-triggered-at"))
    return touches_of(map_topic(payload, triggered_at_ms, _options_of(source)))


class _Options(NamedTuple):
    order_id: str
    refunds: str


def _options_of(source: HookSource) -> _Options:
    return _Options(source.options.get("order_id", _ORDER_IDS[0]), source.options.get("refunds", _REFUNDS[0]))


_Outcomes = Sequence[Collected | Unmappable | None]
_MapTopic = Callable[[Mapping[str, object], int | None, _Options], _Outcomes]


def _order(kind: str, time_field: str) -> _MapTopic:
    """Return the mapping of a topic whose payload is an order; its time is a field, or when it was triggered."""

    def map_order(order: Mapping[str, object], triggered_at_ms: int | None, options: _Options) -> _Outcomes:
        times = (iso_ms(order.get(time_field)), triggered_at_ms, iso_ms(order.get("updated_at")))
        occurred_at_ms = next((time for time in times if time is not None), None)
        order_id = id_of(order.get(options.order_id))
        if order_id in (None, "") or occurred_at_ms is None:
            return [Unmappable(f"an order lacks its {options.order_id} or {time_field}")]
        reason = label_of(order.get("cancel_reason"))
        properties = {"cancel_reason": reason, "number": label_of(order.get("name")), **origin_of(order)}
        touch = {
            "event_id": composed_id("shopify", order_id, kind),
            "type": kind,
            "occurred_at": occurred_at_ms,
            "order_id": order_id,
            **contents_of(order),
            **customer_of(order),
            "properties": without_empty(properties),
        }
        return [Collected("orders", without_empty(touch))]

    return map_order


def _updated(order: Mapping[str, object], triggered_at_ms: int | None, options: _Options) -> _Outcomes:
    """Return the refunds of an order so far; other changes are no touches."""
    if order.get("financial_status") not in ("refunded", "partially_refunded"):
        return []
    order_id = id_of(order.get(options.order_id))
    return [
        _refund_of({"created_at": order.get("updated_at"), **refund}, order_id, options, customer_of(order))
        for refund in objects_of(order.get("refunds"))
    ]


def _refund(refund: Mapping[str, object], triggered_at_ms: int | None, options: _Options) -> _Outcomes:
    """Return a refund. It has only the id of its order, so it is no touch of an order that is named otherwise."""
    return [_refund_of(refund, id_of(refund.get("order_id")), options, {})] if options.order_id == "id" else []


def _refund_of(
    refund: Mapping[str, object], order_id: object, options: _Options, customer: Mapping[str, object]
) -> Collected | Unmappable:
    refund_id, occurred_at_ms = id_of(refund.get("id")), iso_ms(refund.get("created_at"))
    if order_id in (None, "") or refund_id in (None, "") or occurred_at_ms is None:
        return Unmappable("a refund lacks its id, order_id or created_at")
    total, currency = refunded_amount(refund)
    touch = {
        "event_id": composed_id("shopify", order_id, "refunded", refund_id),
        "type": "refunded",
        "occurred_at": occurred_at_ms,
        "order_id": order_id,
        "refund_id": refund_id if options.refunds == "id" else None,
        "total": total,
        "currency": currency,
        **customer,
    }
    return Collected("orders", without_empty(touch))


def _cart(cart: Mapping[str, object], triggered_at_ms: int | None, options: _Options) -> _Outcomes:
    token = text_of(cart.get("token")) or id_of(cart.get("id"))
    occurred_at_ms = iso_ms(cart.get("updated_at")) or iso_ms(cart.get("created_at"))
    if token in (None, "") or occurred_at_ms is None:
        return [Unmappable("a cart lacks its token or updated_at")]
    touch = {
        "event_id": composed_id("shopify", token, occurred_at_ms),
        "type": "cart",
        "occurred_at": occurred_at_ms,
        **contents_of(cart),
        **customer_of(cart),
        "properties": without_empty(origin_of(cart)),
    }
    return [Collected("orders", without_empty(touch))]


def _customer(customer: Mapping[str, object], triggered_at_ms: int | None, options: _Options) -> _Outcomes:
    customer_id = id_of(customer.get("id"))
    occurred_at_ms = iso_ms(customer.get("updated_at")) or iso_ms(customer.get("created_at"))
    if customer_id in (None, "") or occurred_at_ms is None:
        return [Unmappable("a customer lacks the id or updated_at")]
    traits = {name: customer[name] for name in _TRAITS if isinstance(customer.get(name), str | bool)}
    touch = {
        "event_id": composed_id("shopify", customer_id, occurred_at_ms),
        "type": "identify",
        "occurred_at": occurred_at_ms,
        **customer_of({"customer": customer}),
        "properties": without_empty({"traits": without_empty(traits)}),
    }
    return [Collected("visits", without_empty(touch))]


def _consent(contact_channel: str, id_field: str, contact_field: str) -> _MapTopic:
    """Return the mapping of a topic that reports the consent of a customer to marketing by one channel."""

    def map_consent(payload: Mapping[str, object], triggered_at_ms: int | None, options: _Options) -> _Outcomes:
        consent = mapping_of(payload.get(f"{contact_channel}_marketing_consent"))
        kind = _CONSENT.get(text_of(consent.get("state")))
        if kind is None:
            return []
        occurred_at_ms = iso_ms(consent.get("consent_updated_at")) or triggered_at_ms
        customer_id = id_of(payload.get(id_field))
        if customer_id in (None, "") or occurred_at_ms is None:
            return [Unmappable(f"a consent lacks its {id_field} or consent_updated_at")]
        touch = {
            "event_id": composed_id("shopify", customer_id, contact_channel, occurred_at_ms),
            "type": kind,
            "occurred_at": occurred_at_ms,
            "purpose": "marketing",
            "contact_channel": contact_channel,
            "ids": {"shopify": customer_id},
            "email" if contact_channel == "email" else "phone": text_of(payload.get(contact_field)),
        }
        return [Collected("consents", without_empty(touch))]

    return map_consent


def check(source: HookSource) -> str:
    """Return what is wrong with the options."""
    given = _options_of(source)
    if given.order_id not in _ORDER_IDS:
        return f"order_id is one of {', '.join(_ORDER_IDS)}"
    return "" if given.refunds in _REFUNDS else f"refunds is one of {', '.join(_REFUNDS)}"


_TOPICS: Final[Mapping[str, _MapTopic]] = {
    "orders/create": _order("placed", "created_at"),
    "orders/paid": _order("paid", "processed_at"),
    "orders/cancelled": _order("cancelled", "cancelled_at"),
    "orders/updated": _updated,
    "refunds/create": _refund,
    "carts/create": _cart,
    "carts/update": _cart,
    "checkouts/create": _cart,
    "checkouts/update": _cart,
    "customers/create": _customer,
    "customers/update": _customer,
    "customers_email_marketing_consent/update": _consent("email", "customer_id", "email_address"),
    "customers_marketing_consent/update": _consent("sms", "id", "phone"),
}

PROVIDER: Final = Provider(
    "shopify",
    verify,
    map_request,
    kept_headers=("x-shopify-topic", "x-shopify-triggered-at"),
    options=("order_id", "refunds"),
    check=check,
)
