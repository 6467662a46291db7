"""E-commerce events by name: touches of the channel `orders`.

Names and properties are those of Segment's e-commerce specification, version 2 (segment.com/docs/connections/spec/
ecommerce/v2), which RudderStack and many users of PostHog follow.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sources.payloads.event_fields import id_of, mapping_of, text_of, without_empty
from sources.payloads.money import currency_code, decimal_text

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
LARGEST_ITEMS: Final = 100
_TOTALS: Final = ("total", "revenue", "value")  # the first that is an amount
_ITEM_FIELDS: Final = {"sku": ("sku", "product_id", "id"), "name": ("name", "title")}


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
    if currency := currency_code(left.get("currency")):
        fields["currency"] = currency
        del left["currency"]
    name = next((name for name in _TOTALS if decimal_text(left.get(name))), "")
    if name:
        fields["total"] = decimal_text(left.pop(name))
    for field in ("discount", "tax", "shipping"):
        if amount := decimal_text(left.get(field)):
            fields[field] = amount
            del left[field]
    if coupon := text_of(left.get("coupon")):
        fields["coupon"] = coupon
        del left["coupon"]
    products = left.get("products")
    if isinstance(products, list) and len(products) <= LARGEST_ITEMS:
        fields["items"] = [item for product in products if (item := item_of(mapping_of(product)))]
        del left["products"]
    elif kind == "cart" and (item := item_of(left)):
        fields["items"] = [item]
    return Order(without_empty(fields), left)


def item_of(product: Mapping[str, object]) -> dict[str, object]:
    """Return an item of an order: sku, name, price as decimal text, quantity; only those that are known."""
    item: dict[str, object] = {}
    for field, names in _ITEM_FIELDS.items():
        values = (str(product[name]).strip() for name in names if isinstance(product.get(name), str | int))
        item[field] = next((value for value in values if value), "")
    item["price"] = decimal_text(product.get("price"))
    quantity = product.get("quantity")
    if isinstance(quantity, int | float) and not isinstance(quantity, bool) and quantity > 0:
        item["quantity"] = quantity
    return without_empty(item)
