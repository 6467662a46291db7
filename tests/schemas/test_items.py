"""Items of an order: what each member is, and how many there may be."""

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.column import ITEMS
from schemas.items import ITEM_EXAMPLE, MOST_ITEMS, Item, Items

ITEMS_OF = TypeAdapter(Items)


def test_members_are_read() -> None:
    item = Item.model_validate(ITEM_EXAMPLE)
    assert (item.sku, item.name, item.price, item.quantity) == ("TL-1", "Tea", 129_500, 2.0)


def test_every_member_may_be_left_out_or_null() -> None:
    assert Item.model_validate({}) == Item.model_validate(dict.fromkeys(Item.model_fields))


def test_every_member_has_a_column_and_an_entry_when_it_is_missing() -> None:
    assert [column.name for column in ITEMS] == [f"items_{name}" for name in Item.model_fields]
    assert Item.EMPTY.keys() == Item.model_fields.keys()


def test_the_number_of_items_is_limited() -> None:
    assert len(ITEMS_OF.validate_python([{}] * MOST_ITEMS)) == MOST_ITEMS
    with pytest.raises(ValidationError, match="too_long"):
        ITEMS_OF.validate_python([{}] * (MOST_ITEMS + 1))
