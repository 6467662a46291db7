"""Shopify's options, apart from what holds for every adapter."""

import pytest

from sources.hooks.provider import HookSource
from sources.hooks.shopify import check


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({}, ""),
        ({"order_id": "name"}, ""),
        ({"refunds": "total"}, ""),
        ({"refunds": "amount"}, "refunds is one of id, total"),
        ({"order_id": "number"}, "order_id is one of id, name, order_number"),
    ],
)
def test_options_have_known_values(options: dict[str, str], fault: str) -> None:
    assert check(HookSource("shopify", "main", ("secret",), options)) == fault
