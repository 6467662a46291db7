"""Shopify's options, apart from what holds for every adapter."""

import pytest

from sources.hooks.provider import HookSource
from sources.hooks.shopify import check


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({}, ""),
        ({"order_id": "name"}, ""),
        ({"order_id": "number"}, "order_id is one of id, name, order_number"),
    ],
)
def test_the_field_of_the_order_id_is_a_known_one(options: dict[str, str], fault: str) -> None:
    assert check(HookSource("shopify", "main", ("secret",), options)) == fault
