"""Fields of Shopify's orders."""

import pytest

from schemas.items import MOST_ITEMS
from sources.hooks.shopify_fields import contents_of, customer_of, item_of, origin_of, refunded_amount


@pytest.mark.parametrize(
    ("order", "email", "phone"),
    [
        ({"email": "a@example.org", "customer": {"email": "b@example.org", "phone": "+1"}}, "a@example.org", "+1"),
        ({"email": "", "contact_email": "c@example.org", "phone": "+2"}, "c@example.org", "+2"),
        ({"customer": None}, "", ""),
    ],
)
def test_contacts(order: dict[str, object], email: str, phone: str) -> None:
    customer = customer_of(order)
    assert (customer["email"], customer["phone"]) == (email, phone)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            {"sku": "s", "title": "T", "price": "1.00", "quantity": 3},
            {"sku": "s", "name": "T", "price": "1.00", "quantity": 3},
        ),
        ({"variant_id": 5, "name": "N", "price": "free", "quantity": 0}, {"sku": "5", "name": "N"}),
        ({}, {}),
    ],
)
def test_items(item: dict[str, object], expected: dict[str, object]) -> None:
    assert item_of(item) == expected


def test_a_long_order_has_as_many_items_as_the_contract_takes() -> None:
    items = contents_of({"line_items": [{"sku": "s"}] * (MOST_ITEMS + 1)})["items"]
    assert items == [{"sku": "s"}] * MOST_ITEMS


def paid_back(amount: object, currency: str = "EUR", kind: str = "refund") -> dict[str, object]:
    return {"kind": kind, "amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("transactions", "amount"),
    [
        ([paid_back("1.00")], ("1.00", "EUR")),
        ([paid_back("1.10"), paid_back("2.20"), paid_back("9", kind="void")], ("3.30", "EUR")),
        ([paid_back("1.00"), paid_back("2.00", "USD")], ("", "")),
        ([paid_back("1.00"), paid_back("free")], ("", "")),
        ([paid_back("1.00", kind="sale")], ("", "")),
        (None, ("", "")),
    ],
)
def test_the_amount_of_a_refund(transactions: object, amount: object) -> None:
    assert refunded_amount({"transactions": transactions}) == amount


def test_where_the_buyer_came_from() -> None:
    assert origin_of({"referring_site": "https://news.example.org/", "source_name": "pos"}) == {
        "landing_site": "",
        "referring_site": "https://news.example.org/",
        "channel": "pos",
    }
