"""Samples of the channel `consents`."""

from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Message, Samples


def make(random: Random) -> Message:
    """Return a decision of the load for chaos."""
    consent: Message = {
        "type": random.choice(("given", "withdrawn")),
        "purpose": random.choice(("marketing", "Auswertung ✓")),
    }
    if random.random() < 0.5:
        consent["contact_channel"] = random.choice(("email", "sms"))
    return consent


SAMPLES = Samples(
    least={"type": "given", "occurred_at": "2026-01-31T09:30:00Z", "purpose": "marketing"},
    full={"type": "withdrawn", "purpose": "marketing", "contact_channel": "email"},
    invalid=(
        (Reason.UNKNOWN_TYPE, "type", ["page", "yes"]),
        (Reason.WRONG_TYPE, "purpose", [7, ["marketing"]]),
        (Reason.BAD_VALUE, "purpose", ["x" * 201]),
    ),
    fast=({"purpose": "é"}, {"contact_channel": None}, {"contact_channel": ""}),
    reference=({"contact_channel": 7},),
    values={"purpose": st.sampled_from(["marketing", "analytics"])},
    identifier="email",
    make=make,
)
