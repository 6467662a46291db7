"""The peers' state of a customer: the number of touches, and a score with forward decay.

The score at time t is `sum(w_i * 2^((t_i - t) / half_life))`; the state holds the sum relative to a
fixed day, which does not change without touches (Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay", ICDE 2009).
The weights are those of Touchline's standard rules, without conditions and caps.
"""

from struct import Struct
from typing import Final

HALF_LIFE_MS: Final = 7 * 86_400_000
LANDMARK_MS: Final = 1_767_225_600_000  # 2026-01-01: any day that keeps the powers small
WEIGHTS: Final = {
    "visits.form": 50.0,
    "visits.download": 3.0,
    "visits.click": 3.0,
    "visits.search": 1.0,
    "visits.page": 1.0,
    "emails.clicked": 10.0,
    "emails.opened": 5.0,
    "emails.replied": 20.0,
    "emails.received": 20.0,
    "emails.bounced": -10.0,
    "emails.unsubscribed": -50.0,
    "emails.complained": -100.0,
    "calls.answered": 8.0,
    "calls.missed": 4.0,
    "calls.abandoned": 4.0,
    "calls.voicemail": 4.0,
}
STATE: Final = Struct("<qd")
"""(touches, score): a customer as a peer's state stores it."""


def points(kind: str, occurred_at_ms: int) -> float:
    """Return the addition of a touch of a kind (`channel.type`) to the score relative to the landmark."""
    weight = WEIGHTS.get(kind)
    return weight * 2.0 ** ((occurred_at_ms - LANDMARK_MS) / HALF_LIFE_MS) if weight else 0.0


def add(state: bytes | None, more: float) -> tuple[bytes, int, float]:
    """Return a customer's state after one more touch as bytes, with its touches and score."""
    touches, score = STATE.unpack(state) if state else (0, 0.0)
    return STATE.pack(touches + 1, score + more), touches + 1, score + more
