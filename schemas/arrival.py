"""The time of arrival of a raw record: the broker's, or an earlier one in the record's header `received_at`.

The collector sets the header to the time at which its request arrived, since a touch that waited in its spool reaches
the broker late. A replay from the quarantine sets it to the first arrival. So both get the event time that they would
have got at once.
"""

from collections.abc import Sequence
from typing import Final

from schemas.timestamps import EARLIEST_MS

RECEIVED_AT: Final = "received_at"  # header: milliseconds since 1970, as decimal digits
_DIGITS: Final = 14  # of every plausible time


def arrival_of(headers: Sequence[tuple[str, bytes | None]], broker_ms: int) -> int:
    """Return the time of arrival of a record that the broker received at `broker_ms`.

    Anyone may write to a raw topic: a header is ignored if it is no plausible time or later than the broker's time, so
    it can never move a partition's clock ahead.
    """
    arrival_ms = broker_ms
    for name, value in headers:
        if name == RECEIVED_AT and value and value.isdigit() and len(value) <= _DIGITS:
            stated_ms = int(value)
            if EARLIEST_MS <= stated_ms < arrival_ms:
                arrival_ms = stated_ms
    return arrival_ms
