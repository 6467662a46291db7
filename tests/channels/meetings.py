"""Samples of the channel `meetings`."""

from datetime import datetime
from random import Random

from hypothesis import strategies as st

from schemas.rejected import Reason
from tests.channels.samples import Columns, Message, Samples


def make(random: Random) -> Message:
    """Return an event of a meeting of the load for chaos."""
    meeting: Message = {
        "type": random.choice(("booked", "held", "cancelled", "no_show")),
        "meeting_id": f"evt-{random.randrange(80)}",
    }
    if random.random() < 0.6:
        meeting |= {"title": "Erstes “Gespräch”", "host": random.choice(("kim", "ada"))}
    if random.random() < 0.5:
        meeting |= {"duration_s": random.randrange(9_000) / 8, "starts_at": 1_770_000_000_000 + random.randrange(10**9)}
    return meeting


def columns(message: Message) -> Columns:
    """Return the columns of a message, with its time in milliseconds."""
    starts_at = message.get("starts_at")
    if isinstance(starts_at, str):
        return message | {"starts_at": round(datetime.fromisoformat(starts_at).timestamp() * 1_000)}
    return dict(message)


def natural_id(message: Message, occurred_at_ms: int) -> str:
    """Return type, meeting and time, which every retry repeats."""
    return f"{message['type']}\x1f{message['meeting_id']}\x1f{occurred_at_ms}"


SAMPLES = Samples(
    least={"type": "booked", "occurred_at": "2026-01-31T09:30:00Z", "meeting_id": "evt-1"},
    full={
        "type": "held",
        "meeting_id": "evt-4711",
        "title": "First talk",
        "host": "kim",
        "duration_s": 1800.0,
        "starts_at": "2026-02-03T10:00:00Z",
    },
    invalid=(
        (Reason.UNKNOWN_TYPE, "type", ["page", "no-show"]),
        (Reason.WRONG_TYPE, "meeting_id", [True, 1.5]),
        (Reason.BAD_ID, "meeting_id", ["x" * 201]),
        (Reason.BAD_VALUE, "duration_s", [-1]),
    ),
    fast=(
        {"meeting_id": 4711, "title": "", "host": None},
        {"starts_at": 1_770_000_000_000},
        {"starts_at": 1_770_000_000_000.9},
        {"starts_at": "2026-02-03T10:00:00.123+02:00"},
        {"starts_at": None, "duration_s": 0},
    ),
    reference=(
        {"meeting_id": " evt-1"},
        {"starts_at": ""},
        {"starts_at": "tomorrow"},
        {"starts_at": 0},
        {"starts_at": "2026-02-03T10:00:00"},
        {"starts_at": "9999-12-31T00:00:00Z"},
        {"starts_at": True},
        {"host": 7},
    ),
    values={
        "meeting_id": st.text(max_size=8) | st.integers(),
        "starts_at": st.integers(0, 4 * 10**12) | st.sampled_from(["2026-02-03T10:00:00Z", "2026-02-03", ""]),
    },
    identifier="email",
    make=make,
    natural_id=natural_id,
    columns=columns,
)
