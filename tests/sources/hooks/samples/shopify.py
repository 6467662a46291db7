"""Shopify: samples of orders, carts, customers and consents."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

ORDER = {
    "id": 450_789_469,
    "name": "#1001",
    "order_number": 1001,
    "email": "ada@example.org",
    "phone": None,
    "created_at": "2026-12-01T04:00:00Z",
    "processed_at": "2026-12-01T04:00:05Z",
    "updated_at": "2026-12-01T04:01:00Z",
    "cancelled_at": None,
    "currency": "EUR",
    "total_price": "25.90",
    "total_tax": "4.13",
    "total_discounts": "5.00",
    "total_shipping_price_set": {"shop_money": {"amount": "4.90", "currency_code": "EUR"}},
    "discount_codes": [{"code": "SPRING", "amount": "5.00", "type": "fixed_amount"}],
    "landing_site": "/tea?utm_source=news",
    "source_name": "web",
    "financial_status": "paid",
    "customer": {"id": 207_119_551, "email": "ada@example.org", "phone": "+4930901820"},
    "line_items": [
        {"sku": "TL-1", "title": "Tea", "price": "12.95", "quantity": 2, "product_id": 1},
        {"sku": "", "title": "Tin", "price": "0.00", "quantity": 1, "product_id": 632_910_392},
    ],
}
CONTENTS = {
    "total": "25.90",
    "currency": "EUR",
    "tax": "4.13",
    "discount": "5.00",
    "shipping": "4.90",
    "coupon": "SPRING",
    "items": [
        {"sku": "TL-1", "name": "Tea", "price": "12.95", "quantity": 2},
        {"sku": "632910392", "name": "Tin", "price": "0.00", "quantity": 1},
    ],
}
CUSTOMER = {"email": "ada@example.org", "phone": "+4930901820", "ids": {"shopify": 207_119_551}}
ORIGIN = {"landing_site": "/tea?utm_source=news", "channel": "web"}


Outcome = Collected | list[Collected] | Unmappable | None


def sample(name: str, topic: str, payload: dict[str, object], touch: Outcome, **options: str) -> Sample:
    touches = [touch] if isinstance(touch, Collected) else [] if touch is None else touch
    headers = {"x-shopify-topic": topic, "x-shopify-triggered-at": "2026-12-01T04:02:00Z"}
    return Sample(name, payload, touches, headers, options)


def order(kind: str, occurred_at_ms: int, **changed: object) -> Collected:
    order_id = changed.get("order_id", 450_789_469)
    touch = {
        "event_id": f"shopify:{order_id}:{kind}",
        "type": kind,
        "occurred_at": occurred_at_ms,
        "order_id": order_id,
        **CONTENTS,
        **CUSTOMER,
        "properties": {"number": "#1001", **ORIGIN},
        **changed,
    }
    return Collected("orders", {name: value for name, value in touch.items() if value is not None})


def refund(**changed: object) -> Collected:
    touch = {
        "event_id": "shopify:450789469:refunded:509562969",
        "type": "refunded",
        "occurred_at": 1_796_101_200_000,
        "order_id": 450_789_469,
        "refund_id": 509_562_969,
        "total": "12.95",
        "currency": "EUR",
        **changed,
    }
    return Collected("orders", {name: value for name, value in touch.items() if value is not None})


def consent(kind: str, contact_channel: str, **contact: str) -> Collected:
    touch = {
        "event_id": f"shopify:207119551:{contact_channel}:1796097600000",
        "type": kind,
        "occurred_at": 1_796_097_600_000,
        "purpose": "marketing",
        "contact_channel": contact_channel,
        "ids": {"shopify": 207_119_551},
        **contact,
    }
    return Collected("consents", touch)


def consent_payload(contact_channel: str, state: str, **fields: object) -> dict[str, object]:
    consent = {"state": state, "consent_updated_at": "2026-12-01T04:00:00Z"}
    return {f"{contact_channel}_marketing_consent": consent, **fields}


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, x_shopify_hmac_sha256=hmac_base64(secret, request.body))


REFUND = {
    "id": 509_562_969,
    "order_id": 450_789_469,
    "created_at": "2026-12-01T05:00:00Z",
    "transactions": [{"kind": "refund", "amount": "12.95", "currency": "EUR"}],
}
CART = {"token": "c-7f1", "updated_at": "2026-12-01T03:59:00Z", "line_items": ORDER["line_items"], "currency": "EUR"}
PERSON = {
    "id": 207_119_551,
    "email": "ada@example.org",
    "phone": "+4930901820",
    "first_name": "Ada",
    "verified_email": True,
    "updated_at": "2026-12-01T04:00:00Z",
}

WEBHOOKS = Webhooks(
    sign,
    (
        sample("an order", "orders/create", ORDER, order("placed", 1_796_097_600_000)),
        sample("a paid order", "orders/paid", ORDER, order("paid", 1_796_097_605_000)),
        sample(
            "a paid order without its time",
            "orders/paid",
            {**ORDER, "processed_at": None},
            order("paid", 1_796_097_720_000),
        ),
        sample(
            "a cancelled order",
            "orders/cancelled",
            {**ORDER, "cancelled_at": "2026-12-01T04:10:00Z", "cancel_reason": "customer"},
            order(
                "cancelled",
                1_796_098_200_000,
                properties={"cancel_reason": "customer", "number": "#1001", **ORIGIN},
            ),
        ),
        sample(
            "an order by its name",
            "orders/create",
            ORDER,
            order("placed", 1_796_097_600_000, order_id="#1001"),
            order_id="name",
        ),
        sample("an order that was updated", "orders/updated", ORDER, None),
        sample(
            "an order that was refunded",
            "orders/updated",
            {**ORDER, "financial_status": "partially_refunded", "refunds": [REFUND]},
            refund(**CUSTOMER),
        ),
        sample("a refund", "refunds/create", REFUND, refund()),
        sample("a refund told apart by its total", "refunds/create", REFUND, refund(refund_id=None), refunds="total"),
        sample(
            "an order refunded in parts",
            "orders/updated",
            {**ORDER, "financial_status": "refunded", "refunds": [REFUND, {**REFUND, "id": 2}]},
            [refund(**CUSTOMER), refund(**CUSTOMER, event_id="shopify:450789469:refunded:2", refund_id=2)],
        ),
        sample("a refund of an order named otherwise", "refunds/create", REFUND, None, order_id="name"),
        sample(
            "a cart",
            "carts/update",
            CART,
            Collected(
                "orders",
                {
                    "event_id": "shopify:c-7f1:1796097540000",
                    "type": "cart",
                    "occurred_at": 1_796_097_540_000,
                    "currency": "EUR",
                    "items": CONTENTS["items"],
                },
            ),
        ),
        sample(
            "a checkout",
            "checkouts/create",
            {**CART, "email": "ada@example.org", "total_price": "25.90"},
            Collected(
                "orders",
                {
                    "event_id": "shopify:c-7f1:1796097540000",
                    "type": "cart",
                    "occurred_at": 1_796_097_540_000,
                    "currency": "EUR",
                    "total": "25.90",
                    "items": CONTENTS["items"],
                    "email": "ada@example.org",
                },
            ),
        ),
        sample(
            "a customer",
            "customers/create",
            PERSON,
            Collected(
                "visits",
                {
                    "event_id": "shopify:207119551:1796097600000",
                    "type": "identify",
                    "occurred_at": 1_796_097_600_000,
                    **CUSTOMER,
                    "properties": {"traits": {"first_name": "Ada", "verified_email": True}},
                },
            ),
        ),
        sample(
            "consent to mails",
            "customers_email_marketing_consent/update",
            consent_payload("email", "subscribed", customer_id=207_119_551, email_address="ada@example.org"),
            consent("given", "email", email="ada@example.org"),
        ),
        sample(
            "no more text messages",
            "customers_marketing_consent/update",
            consent_payload("sms", "unsubscribed", id=207_119_551, phone="+4930901820"),
            consent("withdrawn", "sms", phone="+4930901820"),
        ),
        sample(
            "a consent that is pending",
            "customers_email_marketing_consent/update",
            consent_payload("email", "pending", customer_id=207_119_551),
            None,
        ),
        sample("another topic", "products/update", {"id": 1}, None),
        sample("no id", "orders/create", {"email": "a@example.org"}, Unmappable("an order lacks its id or created_at")),
        sample("no cart", "carts/create", {}, Unmappable("a cart lacks its token or updated_at")),
        sample("no customer", "customers/update", {}, Unmappable("a customer lacks the id or updated_at")),
        sample(
            "no order of a refund", "refunds/create", {}, Unmappable("a refund lacks its id, order_id or created_at")
        ),
        sample("no topic", "", {}, Unmappable("the header X-Shopify-Topic is missing")),
    ),
)
