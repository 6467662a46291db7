"""Samples of the channel `feedback`."""

from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Message, Samples


def make(random: Random) -> Message:
    """Return feedback of the load for chaos."""
    scale = random.choice((5.0, 10.0))
    feedback: Message = {"type": "given", "score": float(random.randrange(int(scale) + 1)), "scale": scale}
    if random.random() < 0.6:
        feedback |= {"survey": random.choice(("nps", "csat")), "text": "Schnell “und” freundlich"}
    if random.random() < 0.3:
        feedback["ticket_id"] = f"T-{random.randrange(60)}"
    return feedback


SAMPLES = Samples(
    least={"type": "given", "occurred_at": "2026-01-31T09:30:00Z"},
    full={
        "type": "given",
        "score": 9.0,
        "scale": 10.0,
        "text": "Quick and friendly.",
        "survey": "nps",
        "ticket_id": "T-35436",
    },
    invalid=((Reason.UNKNOWN_TYPE, "type", ["page", "Given"]), (Reason.BAD_VALUE, "score", [-1])),
    fast=({"score": 0, "scale": 10}, {"score": 4.5, "text": "", "survey": None}, {"ticket_id": 35436}),
    reference=({"score": "9"}, {"score": ""}, {"text": "x" * 2_001}, {"ticket_id": " T-1"}, {"survey": 1}),
    values={"score": st.integers(0, 10), "scale": st.sampled_from([5, 10]), "ticket_id": st.text(max_size=8)},
    identifier="email",
    make=make,
)
