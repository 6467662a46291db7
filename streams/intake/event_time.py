"""Event time: the sender's clock corrected, implausible times clamped and flagged. Times are UTC milliseconds."""

from typing import Final, NamedTuple

from schemas.flags import Flag
from schemas.time import LATEST_MS

EARLY_MS: Final = 300_000  # a clock may be five minutes fast before its time is clamped
NOTICED_MS: Final = 1_000  # a correction smaller than this gets no flag


class Times(NamedTuple):
    """`source_at_ms` is the time that the source sent, the same in every retry; `occurred_at_ms` is event time."""

    source_at_ms: int
    occurred_at_ms: int
    flags: tuple[Flag, ...]


def correct_event_time(source_ms: int, sent_at_ms: int | None, received_at_ms: int, retention_ms: int) -> Times:
    """Return the times of a touch. Event time is `occurred_at + (received_at - sent_at)`, clamped to retention.

    Without `sent_at` the sender's clock is taken to be right. So it is for a touch with a revision, whose `sent_at` the
    caller leaves out: each revision would get another correction, and all of them have one time.
    """
    flags: list[Flag] = []
    time_ms = source_ms
    if sent_at_ms is not None:
        time_ms += received_at_ms - sent_at_ms
        if abs(time_ms - source_ms) >= NOTICED_MS:
            flags.append(Flag.CLOCK_CORRECTED)
    oldest_ms = max(0, received_at_ms - retention_ms)
    if time_ms > received_at_ms + EARLY_MS:
        time_ms = received_at_ms
        flags.append(Flag.FUTURE)
    elif time_ms < oldest_ms:
        time_ms = oldest_ms
        flags.append(Flag.PAST)
    return Times(min(max(source_ms, 0), LATEST_MS), time_ms, tuple(flags))
