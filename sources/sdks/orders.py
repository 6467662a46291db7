"""E-commerce events by name: touches of the channel `orders`.

Names and properties are those of Segment's e-commerce specification, version 2 (segment.com/docs/connections/spec/
ecommerce/v2), which RudderStack and many users of PostHog follow.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from schemas.items import MOST_ITEMS
from sources.payloads.event_fields import id_of, mapping_of, text_of, without_empty
from sources.payloads.money import amount_text, currency_code, decimal_text

ORDER_TYPES: Final = {
    "order completed": "placed",
    "order paid": "paid",
    "order refunded": "refunded",
    "order cancelled": "cancelled",
    "product added": "cart",
    "cart viewed": "cart",
    "checkout started": "cart",
}
"""Types of touches by the name of an event, in lower case. Names that are not here are custom events."""
_TOTALS: Final = ("total", "revenue", "value")  # the first that is an amount
_ITEM_FIELDS: Final = {"sku": ("sku", "product_id", "id"), "name": ("name", "title")}
_KNOWN: Final = frozenset({"sku", "name", "price", "quantity"})
_MOST_PIECES: Final = 1e15  # more is a mistake, and infinity is no number of JSON


class Order(NamedTuple):
    """The fields of an order's touch, and the properties that no field takes."""

    fields: dict[str, object]
    properties: dict[str, object]


def order_of(event: str, properties: Mapping[str, object]) -> Order | None:
    """Return the order that an event describes, None for other events and for an order without its id."""
    kind = ORDER_TYPES.get(event.strip().lower())
    order_id = id_of(properties.get("order_id"))
    if kind is None or (kind != "cart" and order_id in (None, "")):
        return None
    left = dict(properties)
    fields: dict[str, object] = {"type": kind}
    if order_id is not None:
        fields["order_id"] = order_id
        del left["order_id"]
    if kind == "refunded" and (refund_id := id_of(left.get("refund_id"))) is not None:
        fields["refund_id"] = refund_id
        del left["refund_id"]
    if currency := currency_code(left.get("currency")):
        fields["currency"] = currency
        del left["currency"]
    for name in _TOTALS:
        if total := _total_of(kind, left.get(name)):
            fields["total"] = total
            del left[name]
            break
    for field in ("discount", "tax", "shipping"):
        if amount := amount_text(left.get(field)):
            fields[field] = amount
            del left[field]
    if coupon := text_of(left.get("coupon")):
        fields["coupon"] = coupon
        del left["coupon"]
    products = left.get("products")
    if isinstance(products, list) and len(products) <= MOST_ITEMS:
        fields["items"] = [item for product in products if (item := item_of(mapping_of(product)))]
        del left["products"]
    elif kind == "cart" and (item := _known_of(left)):
        fields["items"] = [item]
    return Order(without_empty(fields), left)


def item_of(product: Mapping[str, object]) -> dict[str, object]:
    """Return an item of an order: sku, name, price, quantity, as far as they are known, and its other members."""
    known = _known_of(product)
    return {**{name: value for name, value in product.items() if name not in _KNOWN}, **known}


def _known_of(product: Mapping[str, object]) -> dict[str, object]:
    item: dict[str, object] = {}
    for field, names in _ITEM_FIELDS.items():
        values = (str(product[name]).strip() for name in names if id_of(product.get(name)) is not None)
        item[field] = next((value for value in values if value), "")
    item["price"] = amount_text(product.get("price"))
    quantity = product.get("quantity")
    if isinstance(quantity, int | float) and not isinstance(quantity, bool) and 0 < quantity < _MOST_PIECES:
        item["quantity"] = quantity
    return without_empty(item)


def _total_of(kind: str, value: object) -> str:
    """Return a total; of a refund without the sign, since the contract takes what the customer gets back."""
    text = decimal_text(value)
    return amount_text(text.removeprefix("-") if kind == "refunded" else text)
