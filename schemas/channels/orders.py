"""Channel `orders`: orders and carts of a shop."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.column import ITEMS, LABEL, MONEY, SEPARATOR, TEXT, columns_of
from schemas.items import ITEM_EXAMPLE, MOST_ITEMS, Items
from schemas.money import Currency, Money, ten_thousandths
from schemas.raw_touch import Label, Name, RawTouch


class Order(RawTouch):
    """One event of an order or a cart. Browser, shop and server may all send it: it counts once."""

    COLUMNS: ClassVar = (
        *columns_of(
            ("order_id", TEXT, "", 6),
            ("refund_id", TEXT, "", 12),
            ("total", MONEY, None, 6),
            ("currency", LABEL, "", 6),
            ("discount", MONEY, None, 6),
            ("tax", MONEY, None, 6),
            ("shipping", MONEY, None, 6),
            ("coupon", LABEL, "", 6),
        ),
        *ITEMS,
    )
    ICON: ClassVar = "cart"
    SUMMARY: ClassVar = ("total", "order_id")
    SUMMARY_ELSE: ClassVar = "coupon"
    TITLES: ClassVar = {
        "placed": ("Ordered for {total}", "Placed an order"),
        "paid": ("Paid {total}", "Paid an order"),
        "refunded": ("Got {total} back", "An order was refunded"),
        "cancelled": ("Cancelled an order of {total}", "Cancelled an order"),
        "cart": ("Filled a cart for {total}", "Filled a cart"),
    }
    UNITS: ClassVar = {"total": "currency"}
    REQUIRED_BY: ClassVar = {"order_id": frozenset({"placed", "paid", "refunded", "cancelled"})}
    NATURAL_ID_FIELD: ClassVar = "order_id"
    COUNTS_BY_NATURAL_ID: ClassVar = True

    type: Literal["placed", "paid", "refunded", "cancelled", "cart"] = Field(
        description="What happened to the order; `cart` is a cart that was filled or changed, before any order."
    )
    order_id: Name | None = Field(
        None,
        description="The order's id, the same from every sender: a type of an order counts once for a customer.",
        examples=["O-4711", 4711],
    )
    refund_id: Name | None = Field(
        None,
        description="The refund's id, the same from every sender. Without it, refunds of an order are told apart by "
        "their total.",
        examples=["R-1"],
    )
    total: Money | None = Field(
        None, description="What the customer pays, or gets back; text with up to four decimals.", examples=["25.90"]
    )
    currency: Currency | None = Field(
        None, description="The currency of all amounts, a code of ISO 4217.", examples=["EUR"]
    )
    discount: Money | None = Field(None, description="The discount, as a positive amount.", examples=["5.00"])
    tax: Money | None = Field(None, description="The tax within the total.", examples=["4.13"])
    shipping: Money | None = Field(None, description="The cost of shipping within the total.", examples=["4.90"])
    coupon: Label | None = Field(None, description="The code of the coupon.", examples=["SPRING"])
    items: Items | None = Field(
        None, description=f"What was ordered, up to {MOST_ITEMS} items.", examples=[[ITEM_EXAMPLE]]
    )

    @staticmethod
    def derive_natural_id(message: Any, occurred_at_ms: int, customer_id: str | None) -> str:
        """Return what happened to which order, and of a refund which it is: an order may be refunded in parts."""
        parts = [message.type, str(message.order_id)]
        if message.type == "refunded":
            if message.refund_id:
                parts += ["id", str(message.refund_id)]
            elif message.total is not None:
                parts += ["total", str(ten_thousandths(message.total))]
        return SEPARATOR.join(parts)
