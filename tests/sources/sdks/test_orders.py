"""E-commerce events as orders."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.channels.orders import Order
from schemas.items import MOST_ITEMS
from sources.sdks.orders import item_of, order_of
from tests.sources.sdks.payloads import JSON, objects_with


def test_a_completed_order() -> None:
    properties = {
        "order_id": "o1",
        "total": 25.1,
        "revenue": 20,
        "currency": "eur",
        "tax": "4.10",
        "discount": 2,
        "coupon": "SPRING",
        "affiliation": "shop",
        "products": [{"product_id": "p1", "sku": "s1", "name": "Cup", "price": 6.25, "quantity": 2}, "none"],
    }
    order = order_of("Order Completed", properties)
    assert order is not None
    assert order.fields == {
        "type": "placed",
        "order_id": "o1",
        "total": "25.1",
        "currency": "EUR",
        "tax": "4.10",
        "discount": "2",
        "coupon": "SPRING",
        "items": [{"product_id": "p1", "sku": "s1", "name": "Cup", "price": "6.25", "quantity": 2}],
    }
    assert order.properties == {"revenue": 20, "affiliation": "shop"}


@pytest.mark.parametrize(
    ("event", "properties", "kind"),
    [
        ("Order Paid", {"order_id": 7}, "paid"),
        (" order refunded ", {"order_id": "o"}, "refunded"),
        ("Order Cancelled", {"order_id": "o"}, "cancelled"),
        ("Product Added", {"sku": "s"}, "cart"),
        ("Cart Viewed", {}, "cart"),
        ("Checkout Started", {"order_id": "o"}, "cart"),
    ],
)
def test_types(event: str, properties: dict[str, object], kind: str) -> None:
    order = order_of(event, properties)
    assert order is not None
    assert order.fields["type"] == kind
    assert order.fields.get("order_id") == properties.get("order_id")


@pytest.mark.parametrize(
    ("event", "properties"),
    [
        ("Order Completed", {}),
        ("Order Completed", {"order_id": None}),
        ("Order Completed", {"order_id": ""}),
        ("Order Completed", {"order_id": True}),
        ("Order Completed", {"order_id": {"id": 1}}),
        ("Product Viewed", {"order_id": "o"}),
        ("Signed Up", {}),
    ],
)
def test_other_events_are_no_orders(event: str, properties: dict[str, object]) -> None:
    assert order_of(event, properties) is None


def test_a_total_that_is_no_amount_stays_a_property() -> None:
    order = order_of("Order Paid", {"order_id": "o", "total": "a lot", "value": 3, "currency": "money"})
    assert order is not None
    assert order.fields == {"type": "paid", "order_id": "o", "total": "3"}
    assert order.properties == {"total": "a lot", "currency": "money"}


def test_too_many_products_stay_a_property() -> None:
    products = [{"sku": "s"}] * (MOST_ITEMS + 1)
    order = order_of("Order Paid", {"order_id": "o", "products": products})
    assert order is not None
    assert "items" not in order.fields
    assert order.properties == {"products": products}


def test_a_product_that_is_added_is_the_item_of_a_cart() -> None:
    order = order_of("Product Added", {"product_id": 9, "name": "Cup", "price": "3.10", "quantity": 1})
    assert order is not None
    assert order.fields == {"type": "cart", "items": [{"sku": "9", "name": "Cup", "price": "3.10", "quantity": 1}]}


@pytest.mark.parametrize(
    ("product", "item"),
    [
        ({"id": "p", "title": "Cup"}, {"id": "p", "title": "Cup", "sku": "p", "name": "Cup"}),
        ({"sku": "", "product_id": 9, "brand": "b"}, {"product_id": 9, "brand": "b", "sku": "9"}),
        ({"price": 3 * 8.37, "quantity": math.inf}, {"price": "25.11"}),
        ({"quantity": -1, "price": "free"}, {}),
        ({"quantity": True}, {}),
    ],
)
def test_items(product: dict[str, object], item: dict[str, object]) -> None:
    assert item_of(product) == item


@pytest.mark.parametrize(
    ("event", "total", "kept"),
    [("Order Refunded", -12.5, "12.5"), ("Order Refunded", "-3", "3"), ("Order Completed", -12.5, None)],
)
def test_a_refund_has_no_sign(event: str, total: object, kept: str | None) -> None:
    order = order_of(event, {"order_id": "o", "total": total})
    assert order is not None
    assert order.fields.get("total") == kept
    assert ("total" in order.properties) == (kept is None)


def test_a_refund_has_its_id() -> None:
    refund = order_of("Order Refunded", {"order_id": "o", "refund_id": 7})
    assert refund is not None
    assert (refund.fields["refund_id"], refund.properties) == (7, {})


AMOUNTS = JSON | st.floats() | st.decimals(allow_nan=False).map(str)
PRODUCTS = objects_with(
    sku=st.text("ab1", max_size=3), name=st.text("ab1", max_size=3), price=AMOUNTS, quantity=AMOUNTS
)


@given(
    st.sampled_from(["Order Completed", "Order Refunded", "Product Added"]),
    objects_with(
        total=AMOUNTS, revenue=AMOUNTS, tax=AMOUNTS, currency=st.text(max_size=4), products=st.lists(PRODUCTS)
    ),
)
def test_any_order_is_valid_by_the_contract(event: str, properties: dict[str, object]) -> None:
    order = order_of(event, {**properties, "order_id": "o-1"})
    assert order is not None
    Order.model_validate({**order.fields, "occurred_at": 1_796_100_000_000, "properties": order.properties})
