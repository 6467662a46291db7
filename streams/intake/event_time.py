"""When a touch happened: the sender's clock corrected, the absurd clamped and flagged. Times are UTC milliseconds."""

from typing import Final, NamedTuple

from schemas.flags import Flag
from schemas.time import LATEST_MS

EARLY_MS: Final = 300_000  # a clock may be five minutes fast before we say so
NOTICED_MS: Final = 1_000  # a correction smaller than this is not worth a flag


class Times(NamedTuple):
    """`source_at_ms` is what the source said (the same in every retry), `occurred_at_ms` is event time."""

    source_at_ms: int
    occurred_at_ms: int
    flags: tuple[Flag, ...]


def settle(said_ms: int, sent_at_ms: int | None, received_at_ms: int, retention_ms: int) -> Times:
    """Event time is `occurred_at + (received_at - sent_at)` where the sender gave its clock, within retention."""
    flags: list[Flag] = []
    time_ms = said_ms
    if sent_at_ms is not None:
        time_ms += received_at_ms - sent_at_ms
        if abs(time_ms - said_ms) >= NOTICED_MS:
            flags.append(Flag.CLOCK_CORRECTED)
    oldest_ms = max(0, received_at_ms - retention_ms)
    if time_ms > received_at_ms + EARLY_MS:
        time_ms = received_at_ms
        flags.append(Flag.FUTURE)
    elif time_ms < oldest_ms:
        time_ms = oldest_ms
        flags.append(Flag.PAST)
    return Times(min(max(said_ms, 0), LATEST_MS), time_ms, tuple(flags))
