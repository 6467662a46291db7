"""Orders: their types and rules, and that an order counts once, from any sender, at any time and in any order."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.activity import encode_record
from schemas.channels.orders import Order
from schemas.columns import EVENT_HEAD, EVENTS
from schemas.flags import Flag
from schemas.rejected import Reason
from schemas.time import DAY_MS
from streams.engage.replay_fold import ReplayFold
from streams.rules.evaluator import Match
from tests.channels.orders import SAMPLES
from tests.schemas.column_types import read_row
from tests.schemas.touches import changed
from tests.streams.engage.folding import FOLDING
from tests.streams.intake.reading import RECEIVED_MS, default_rules, refuse, take

WINDOW_MS = 35 * DAY_MS
ORDERS = ("placed", "paid", "refunded", "cancelled")


class Copy(NamedTuple):
    """A message about an order, from one of its senders."""

    sender: str
    order: int
    type: str
    event_id: str | None
    days_before: int
    refund: str = ""  # of the types `refunded`: its id, or its total after `=`

    def counted_by(self) -> tuple[object, ...]:
        """Return what copies of one event share."""
        return self.order, self.type, self.refund if self.type == "refunded" else ""


def touch_of(copy: Copy, offset: int) -> bytes:
    """Return the record on `activity`."""
    message: dict[str, Any] = {
        "type": copy.type,
        "order_id": copy.order,
        "event_id": copy.event_id,
        "occurred_at": RECEIVED_MS - copy.days_before * DAY_MS - len(copy.sender),
        "customer_id": "C-1",
        "source": copy.sender,
        "refund_id": "" if "=" in copy.refund else copy.refund,
        "total": copy.refund.partition("=")[2] or "25.90",
    }
    return encode_record(take("orders", message, offset=offset, received_at_ms=RECEIVED_MS + offset))


def places(copies: list[Copy], sizes: list[int]) -> list[int]:
    """Return the places in the raw topic of the copies that have a row, folded in batches of these sizes."""
    replay, found, at = ReplayFold(0, FOLDING, WINDOW_MS), list[int](), 0
    records = [(offset, touch_of(copy, offset)) for offset, copy in enumerate(copies)]
    while records:
        size = sizes[at % len(sizes)]
        found += [read_row(row, EVENTS)["raw_offset"] for _, row in replay.fold(records[:size])]
        records, at = records[size:], at + 1
    return found


copies_of_orders = st.lists(
    st.builds(
        Copy,
        sender=st.sampled_from(["browser", "shop", "server"]),
        order=st.integers(1, 3),
        type=st.sampled_from(ORDERS),
        event_id=st.none() | st.sampled_from(["e-1", "e-2"]),
        days_before=st.integers(0, 4),
        refund=st.sampled_from(["R-1", "R-2", "=5", "=7.50"]),
    ),
    max_size=12,
)


@given(copies_of_orders, st.lists(st.integers(1, 5), min_size=1, max_size=3))
@settings(deadline=None)
def test_an_order_counts_once_and_its_first_copy_is_the_one(copies: list[Copy], sizes: list[int]) -> None:
    firsts: dict[tuple[object, ...], int] = {}
    for offset, copy in enumerate(copies):
        firsts.setdefault(copy.counted_by(), offset)
    assert places(copies, sizes) == sorted(firsts.values())


@given(copies_of_orders.flatmap(lambda copies: st.tuples(st.just(copies), st.permutations(copies))))
@settings(deadline=None)
def test_what_counts_does_not_depend_on_the_order_of_arrival(arrivals: tuple[list[Copy], list[Copy]]) -> None:
    one, other = ({copies[at].counted_by() for at in places(copies, [3])} for copies in arrivals)
    assert one == other


def test_the_event_id_of_the_sender_is_kept() -> None:
    touch = take("orders", changed("orders", event_id="web-1"))
    row = read_row(touch.head, EVENT_HEAD)
    assert row["event_id"] == take("orders", changed("orders")).event_id
    assert row["properties"] == {"event_id": "web-1"}
    assert Flag.DERIVED_ID in row["flags"]
    theirs = take("orders", changed("orders", event_id="web-1", properties={"event_id": "x"}))
    assert read_row(theirs.head, EVENT_HEAD)["properties"] == {"event_id": "x"}


@pytest.mark.parametrize("changes", [{"type": "paid"}, {"order_id": "O-2"}])
def test_another_order_or_type_has_another_id(changes: dict[str, Any]) -> None:
    assert take("orders", changed("orders", **changes)).event_id != take("orders", changed("orders")).event_id


@pytest.mark.parametrize("type_", ORDERS)
@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({"refund_id": "R-1"}, {"refund_id": "R-2"}, True),
        ({"refund_id": "R-1", "total": "5"}, {"refund_id": "R-1", "total": "6"}, False),
        ({"total": "5"}, {"total": "6"}, True),
        ({"total": "5"}, {"total": "5.00"}, False),
        ({"refund_id": "5"}, {"refund_id": 5}, False),
        ({"refund_id": "5"}, {"total": "5"}, True),
        ({"total": "5"}, {}, True),
    ],
)
def test_refunds_of_an_order_are_told_apart_by_id_or_else_by_total(
    type_: str, one: dict[str, object], other: dict[str, object], differ: bool
) -> None:
    ids = {take("orders", changed("orders", type=type_, order_id="O-1", **touch)).event_id for touch in (one, other)}
    assert len(ids) == (2 if differ and type_ == "refunded" else 1)


def test_cart_without_an_order_has_the_event_id_of_its_sender() -> None:
    cart = changed("orders", type="cart", order_id=None, event_id="cart-1")
    assert take("orders", cart).event_id == "cart-1"


@pytest.mark.parametrize("type_", ORDERS)
@pytest.mark.parametrize("order_id", [None, ""])
def test_order_without_its_id_is_refused(type_: str, order_id: object) -> None:
    assert refuse("orders", changed("orders", type=type_, order_id=order_id)).reason is Reason.MISSING_FIELD


def test_natural_id_is_that_of_the_load_for_chaos() -> None:
    order = Order.model_validate(SAMPLES.least)
    assert order.natural_id() == SAMPLES.natural_id(SAMPLES.least, order.occurred_at)


@pytest.mark.parametrize("type_", ["page", "Paid", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Order.model_validate(changed("orders", type=type_))


def test_items_that_cannot_be_read_are_set_aside() -> None:
    row = read_row(take("orders", changed("orders", items=[{"sku": True}])).head, EVENT_HEAD)
    assert (row["items_sku"], row["properties"]) == ([], {"items": '[{"sku":true}]'})
    assert Flag.BAD_FIELD in row["flags"]


def test_members_of_items_without_a_column_are_a_property() -> None:
    items = [{"sku": 7, "variant": "green"}, {"price": "1.5"}]
    row = read_row(take("orders", changed("orders", items=items)).head, EVENT_HEAD)
    assert (row["items_sku"], row["items_price"], row["items_quantity"]) == (["7", ""], [0, 15_000], [1.0, 1.0])
    assert row["properties"] == {"items": '[{"variant":"green"},{}]'}


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("placed", Match("order_placed", 50.0, 5, "order_placed")),
        ("paid", Match("order_paid", 50.0, 5, "order_paid")),
        ("refunded", Match("order_refunded", -50.0, 1, "order_refunded\x1fO-1")),
        ("cancelled", Match("order_cancelled", -25.0, 5, "order_cancelled")),
        ("cart", Match("cart", 10.0, 1, "cart")),
    ],
)
def test_default_rules(type_: str, expected: Match) -> None:
    assert default_rules().match({"channel": "orders", "type": type_, "order_id": "O-1"}) == expected
