"""Samples of the channel `groups`."""

from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Message, Samples


def make(random: Random) -> Message:
    """Return a statement about a group of the load for chaos."""
    group: Message = {"type": "group", "group_id": f"g{random.randrange(9)}"}
    if random.random() < 0.6:
        group["group_traits"] = {"name": random.choice(("Acme", "Zoë & Söhne")), "plan": random.choice(("free", "pro"))}
    return group


SAMPLES = Samples(
    least={"type": "group", "occurred_at": "2026-01-31T09:30:00Z", "group_id": "acme"},
    full={"type": "group", "group_id": "acme", "group_traits": {"name": "Acme", "plan": "pro"}},
    invalid=(
        (Reason.UNKNOWN_TYPE, "type", ["page", "company"]),
        (Reason.WRONG_TYPE, "group_id", [True, 1.5, ["acme"]]),
        (Reason.BAD_ID, "group_id", ["x" * 201, "a\x00b"]),
    ),
    fast=(
        {"group_id": 4711},
        {"group_id": "é"},
        {"group_traits": None},
        {"group_traits": {}},
        {"group_traits": {"name": "Acme", "employees": 120, "gone": None, "address": {"city": "Ulm"}, "tags": ["a"]}},
    ),
    reference=({"group_id": " acme"}, {"group_traits": "Acme"}, {"group_traits": [1]}, {"group_traits": ""}),
    values={
        "group_id": st.text(max_size=8) | st.integers(),
        "group_traits": st.none()
        | st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text(max_size=4)),
    },
    make=make,
)
