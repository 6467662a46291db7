"""Pings: messages on `activity` that report for how long a page view has been in the foreground."""

from typing import Final

from msgspec import Struct

LONGEST_ENGAGED_MS: Final = 86_400_000  # one day: a longer time is a fault of the sender


class Ping(Struct, array_like=True, frozen=True, tag_field="kind", tag=6):
    """To an identifier: its page view was in the foreground for so long. A ping is no touch.

    Of all pings of a page view the largest counts, so their order and repetition have no effect.
    """

    to: str  # key of the strongest identifier, '' if the ping has none
    tenant: str
    channel: str
    page_id: str
    engaged_ms: int

    @property
    def key(self) -> bytes:
        """The key of its record, which decides the partition: pings of one page view are in one."""
        return (self.to or self.page_id).encode()


def limit_engaged(engaged_ms: float) -> int:
    """Return whole milliseconds, at most `LONGEST_ENGAGED_MS`."""
    return int(min(engaged_ms, LONGEST_ENGAGED_MS))
