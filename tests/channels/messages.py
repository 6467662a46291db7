"""Samples of the channel `messages`."""

from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Message, Samples


def make(random: Random) -> Message:
    """Return an event of a message of the load for chaos."""
    message: Message = {
        "type": random.choice(("received", "received", "sent", "delivered", "read", "failed")),
        "network": random.choice(("sms", "whatsapp", "Seite ✓")),
    }
    if random.random() < 0.8:
        message["conversation_id"] = f"conv-{random.randrange(40)}"
    if random.random() < 0.5:
        message |= {"agent": "kim", "text": "Ist das “auf Lager”?"}
    return message


SAMPLES = Samples(
    least={"type": "sent", "occurred_at": "2026-01-31T09:30:00Z", "network": "sms"},
    full={
        "type": "received",
        "network": "whatsapp",
        "conversation_id": "c-4711",
        "agent": "kim",
        "text": "Is it in stock?",
    },
    invalid=(
        (Reason.UNKNOWN_TYPE, "type", ["page", "Sent"]),
        (Reason.WRONG_TYPE, "network", [7, ["sms"]]),
    ),
    fast=({"conversation_id": 4711}, {"conversation_id": "", "agent": None, "text": None}, {"text": "é" * 2_000}),
    reference=({"text": "x" * 2_001}, {"conversation_id": " c-1\n"}, {"agent": 7}),
    values={
        "conversation_id": st.text(max_size=8) | st.integers(),
        "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    },
    identifier="phone",
    make=make,
)
