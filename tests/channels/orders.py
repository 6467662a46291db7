"""Samples of the channel `orders`."""

from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Columns, Message, Samples

_ITEMS = (
    {"sku": "TL-1", "name": "Tee “grün”", "price": "12.95", "quantity": 2},
    {"sku": 7, "price": "0.0005"},
    {"name": "Versand", "quantity": 0.5},
)


def make(random: Random) -> Message:
    """Return an event of an order of the load for chaos. No two orders have one id."""
    type_ = random.choice(("placed", "placed", "paid", "refunded", "cancelled", "cart"))
    order: Message = {"type": type_}
    if type_ != "cart":
        order["order_id"] = f"O-{random.getrandbits(60)}"
    if type_ == "refunded" and random.random() < 0.5:
        order["refund_id"] = f"R-{random.getrandbits(60)}"
    if random.random() < 0.8:
        order |= {"total": f"{random.randrange(10**6)}.{random.randrange(100):02}", "currency": "EUR"}
    if random.random() < 0.3:
        order |= {"discount": "5", "tax": "4.13", "shipping": "4.9", "coupon": "FRÜHLING"}
    if random.random() < 0.5:
        order["items"] = random.sample(_ITEMS, random.randrange(1, 3))
    return order


def columns(message: Message) -> Columns:
    """Return the columns of a message, with amounts of money as whole ten-thousandths."""
    found = {name: value for name, value in message.items() if name != "items"}
    for name in ("total", "discount", "tax", "shipping"):
        if name in found:
            found[name] = _ten_thousandths(found[name])
    if items := message.get("items"):
        found |= {
            "items_sku": [str(one.get("sku", "")) for one in items],
            "items_name": [one.get("name", "") for one in items],
            "items_price": [_ten_thousandths(one.get("price") or "0") for one in items],
            "items_quantity": [float(one.get("quantity", 1)) for one in items],
        }
    return found


def _ten_thousandths(text: str) -> int:
    return round(float(text) * 10_000)


def natural_id(message: Message, occurred_at_ms: int) -> str:
    """Return type and order, which every sender repeats, and of a refund its id or else its total."""
    if "order_id" not in message:
        return ""
    natural = f"{message['type']}\x1f{message['order_id']}"
    if message["type"] == "refunded" and "refund_id" in message:
        natural += f"\x1fid\x1f{message['refund_id']}"
    elif message["type"] == "refunded" and "total" in message:
        natural += f"\x1ftotal\x1f{_ten_thousandths(message['total'])}"
    return natural


SAMPLES = Samples(
    least={"type": "placed", "occurred_at": "2026-01-31T09:30:00Z", "order_id": "O-1"},
    full={
        "type": "paid",
        "order_id": "O-4711",
        "refund_id": "R-1",
        "total": "25.90",
        "currency": "EUR",
        "discount": "5.00",
        "tax": "4.1353",
        "shipping": "0",
        "coupon": "SPRING",
        "items": [{"sku": "TL-1", "name": "Tea", "price": "12.95", "quantity": 2}, {"sku": 7, "price": None}, {}],
    },
    invalid=(
        (Reason.UNKNOWN_TYPE, "type", ["page", "Paid"]),
        (Reason.WRONG_TYPE, "order_id", [True, 1.5, ["O-1"]]),
        (Reason.BAD_ID, "order_id", ["x" * 201, "a\x00b"]),
        (Reason.BAD_MONEY, "total", [25.9, 25, "-1", "+1", "1,50", "1.", ".5", " 1", "1\n", "1e3", "١", True, {}]),
        (Reason.BAD_MONEY, "tax", ["NaN", "1" * 15, "1.00001", "EUR 1"]),
        (Reason.BAD_CURRENCY, "currency", ["EURO", "€", "E1R", "EU", 978, "eur ", "ßur", "EUR\n"]),
        (Reason.BAD_MONEY, "items", [[{"price": 1.5}], [{}, {"price": "-1"}]]),
    ),
    fast=(
        {"type": "cart", "order_id": None},
        {"type": "cart", "order_id": "", "event_id": "c-1"},
        {"type": "cart", "event_id": 7, "items": []},
        {"event_id": "web-1"},
        {"event_id": 0, "order_id": 4711, "properties": {"a": 1}},
        {"event_id": "web-1", "properties": {"event_id": "theirs"}},
        {"event_id": "web-1", "properties": {"event_id": None}},
        {"type": "refunded", "refund_id": "R-1"},
        {"type": "refunded", "refund_id": 7, "total": "5"},
        {"type": "refunded", "refund_id": "", "total": "5.50"},
        {"type": "refunded", "refund_id": None},
        {"total": "0", "tax": None, "currency": "EUR", "coupon": ""},
        {"total": "99999999999999.9999", "currency": None},
        {"items": [{"sku": "é", "quantity": 0}]},
        {"items": [{"sku": "TL-1"}] * 200},
    ),
    reference=(
        {"order_id": " O-1\n"},
        {"type": "refunded", "refund_id": " R-1"},
        {"total": ""},
        {"currency": "eur"},
        {"currency": " "},
        {"items": ""},
        {"items": [{"sku": " TL-1"}]},
        {"items": [{"sku": "TL-1", "variant": "green"}]},
        {"items": [{"sku": "TL-1"}] * 201},
        {"items": [{"quantity": "2"}]},
        {"items": [None]},
        {"items": {"sku": "TL-1"}},
        {"coupon": 7},
    ),
    values={
        "order_id": st.text(max_size=8) | st.integers(),
        "refund_id": st.text(max_size=2) | st.integers() | st.none(),
        "total": st.from_regex(r"[0-9]{1,3}([.][0-9]{1,5})?") | st.floats(0, 9),
        "currency": st.sampled_from(["EUR", "usd", "", "EURO"]),
        "items": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "sku": st.text(max_size=4) | st.integers() | st.none(),
                    "name": st.text(max_size=4),
                    "price": st.sampled_from(["1", "0.5", None, 1]),
                    "quantity": st.integers(-1, 3) | st.floats(0, 2),
                    "more": st.integers(),
                },
            ),
            max_size=3,
        ),
    },
    make=make,
    natural_id=natural_id,
    columns=columns,
)
