"""Samples of the channel `tickets`."""

from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Message, Samples


def make(random: Random) -> Message:
    """Return an event of a ticket of the load for chaos."""
    ticket: Message = {
        "type": random.choice(("opened", "replied", "solved", "reopened", "closed")),
        "ticket_id": f"T-{random.randrange(60)}",
    }
    if random.random() < 0.6:
        ticket |= {"subject": "Wo ist “meine” Bestellung?", "priority": random.choice(("high", "low"))}
    if random.random() < 0.5:
        ticket |= {"agent": "kim", "queue": "returns"}
    return ticket


def natural_id(message: Message, occurred_at_ms: int) -> str:
    """Return type, ticket and time, which every retry repeats."""
    return f"{message['type']}\x1f{message['ticket_id']}\x1f{occurred_at_ms}"


SAMPLES = Samples(
    least={"type": "opened", "occurred_at": "2026-01-31T09:30:00Z", "ticket_id": "T-1"},
    full={
        "type": "replied",
        "ticket_id": "T-35436",
        "subject": "Where is my order?",
        "priority": "high",
        "queue": "returns",
        "agent": "kim",
    },
    invalid=(
        (Reason.UNKNOWN_TYPE, "type", ["page", "Opened"]),
        (Reason.WRONG_TYPE, "ticket_id", [True, 1.5, ["T-1"]]),
        (Reason.BAD_ID, "ticket_id", ["x" * 201, "a\x00b"]),
    ),
    fast=({"ticket_id": 35436}, {"ticket_id": "é"}, {"ticket_id": 0, "subject": None, "queue": ""}, {"type": "opened"}),
    reference=({"ticket_id": " T-1\n"}, {"priority": 1}, {"subject": "x" * 8_001}),
    values={"ticket_id": st.text(max_size=8) | st.integers(), "priority": st.sampled_from(["high", "low", ""])},
    identifier="email",
    make=make,
    natural_id=natural_id,
)
