"""The items of an order, a list of objects inside a touch."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from schemas.money import Money
from schemas.raw_touch import Amount, Label, Name, allow_null

MOST_ITEMS: Final = 200
ITEM_EXAMPLE: Final = {"sku": "TL-1", "name": "Tea", "price": "12.95", "quantity": 2}


class Item(BaseModel):
    """An item of an order: each member is a column `items_...` with one entry per item.

    More members are kept in a property.
    """

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, json_schema_extra=allow_null)

    EMPTY: ClassVar[Mapping[str, object]] = {"sku": "", "name": "", "price": 0, "quantity": 1.0}
    """The entries of an item that lacks a member."""

    sku: Name | None = Field(None, description="The article's id in the shop.", examples=["TL-1", 4711])
    name: Label | None = Field(None, description="The article's name.", examples=["Tea"])
    price: Money | None = Field(
        None, description="The price of one, in the order's currency; 0 if left out.", examples=["12.95"]
    )
    quantity: Amount | None = Field(None, description="How many, 1 if left out.", examples=[2, 0.5])


Items = Annotated[list[Item], Field(max_length=MOST_ITEMS)]
