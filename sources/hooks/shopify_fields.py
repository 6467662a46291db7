"""Fields of Shopify's orders and carts: the customer, the contents with their amounts, where the buyer came from."""

from collections.abc import Mapping
from decimal import Decimal

from schemas.items import MOST_ITEMS
from sources.payloads.event_fields import id_of, mapping_of, objects_of, text_of, without_empty
from sources.payloads.money import amount_text, currency_code
from sources.payloads.shown_texts import label_of


def customer_of(order: Mapping[str, object]) -> dict[str, object]:
    """Return the identifiers of the customer of an order, a cart or a checkout."""
    customer = mapping_of(order.get("customer"))
    emails = (order.get("email"), order.get("contact_email"), customer.get("email"))
    return {
        "email": next((email for email in map(text_of, emails) if email), ""),
        "phone": text_of(order.get("phone")) or text_of(customer.get("phone")),
        "ids": without_empty({"shopify": id_of(customer.get("id"))}),
    }


def contents_of(order: Mapping[str, object]) -> dict[str, object]:
    """Return the amounts and the items. Empty fields are those that the payload lacks."""
    shipping = mapping_of(mapping_of(order.get("total_shipping_price_set")).get("shop_money"))
    return {
        "total": amount_text(order.get("total_price")),
        "currency": currency_code(order.get("currency")),
        "tax": amount_text(order.get("total_tax")),
        "discount": amount_text(order.get("total_discounts")),
        "shipping": amount_text(shipping.get("amount")),
        "coupon": next((label_of(code.get("code")) for code in objects_of(order.get("discount_codes"))), ""),
        "items": [item_of(item) for item in objects_of(order.get("line_items"))[:MOST_ITEMS]] or None,
    }


def item_of(item: Mapping[str, object]) -> dict[str, object]:
    """Return an item, named by its sku or else by the id of its variant or product."""
    skus = (item.get("sku"), item.get("variant_id"), item.get("product_id"))
    quantity = item.get("quantity")
    return without_empty(
        {
            "sku": next((label_of(sku) for sku in skus if label_of(sku)), ""),
            "name": label_of(item.get("title")) or label_of(item.get("name")),
            "price": amount_text(item.get("price")),
            "quantity": quantity if isinstance(quantity, int) and 0 < quantity < 1e9 else None,
        }
    )


def origin_of(order: Mapping[str, object]) -> dict[str, object]:
    """Return the properties that tell where the buyer came from."""
    names = {"landing_site": "landing_site", "referring_site": "referring_site", "source_name": "channel"}
    return {name: text_of(order.get(field)) for field, name in names.items()}


def refunded_amount(refund: Mapping[str, object]) -> tuple[str, str]:
    """Return the amount of a refund and its currency; both empty without a transaction, or if currencies differ."""
    refunds = [one for one in objects_of(refund.get("transactions")) if one.get("kind") == "refund"]
    amounts = [amount_text(one.get("amount")) for one in refunds]
    currencies = {currency_code(one.get("currency")) for one in refunds}
    if len(currencies) != 1 or "" in amounts:
        return "", ""
    return amount_text(str(sum(map(Decimal, amounts)))), currencies.pop()
