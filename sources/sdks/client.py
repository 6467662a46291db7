"""What the collector knows of a client, and the libraries whose requests need special treatment."""

from typing import Final, NamedTuple

from schemas.rejected import Rejected
from schemas.timestamps import parse_time

BROWSER_LIBRARIES: Final = frozenset({"analytics.js", "RudderLabs JavaScript SDK", "snowplow-js", "web"})
"""Names of libraries that run in the visitor's browser: Segment, RudderStack, Snowplow, PostHog."""
STALE_SENT_AT: Final = frozenset({"analytics-node"})
"""Libraries that repeat the first `sentAt` in their retries (RudderStack Node 3.0.13, measured): the difference to the
arrival is then the retry's delay and not the error of the clock."""
SMALLEST_CLOCK_ERROR_MS: Final = 5_000
"""Smaller differences are transport and rounding: Snowplow's Python tracker cuts `stm` to whole seconds."""


class Client(NamedTuple):
    """What the connection tells about a client.

    `ip` and `user_agent` are those of the connection. `is_browser`: the request has a header `Origin`, which browsers
    set and server SDKs do not. `received_at_ms`: when the request arrived, in milliseconds since 1970.
    """

    ip: str
    user_agent: str
    is_browser: bool
    received_at_ms: int

    def is_visitor(self, library: str) -> bool:
        """Return whether the connection is the visitor's own, so that its address and user agent are the visitor's.

        The connection of a server SDK is that of a data centre, and its user agent that of an HTTP library, which would
        make every event the touch of a robot.
        """
        return self.is_browser or library in BROWSER_LIBRARIES


def wrong_clock(sent_at: object, library: str, client: Client) -> dict[str, object]:
    """Return `sent_at` as a field if it shows that the client's clock is wrong, else no field.

    Intake corrects `occurred_at` by the difference between `sent_at` and the arrival.
    """
    if sent_at in (None, "") or library in STALE_SENT_AT:
        return {}
    sent_at_ms = parse_time(sent_at)
    if isinstance(sent_at_ms, Rejected) or abs(client.received_at_ms - sent_at_ms) <= SMALLEST_CLOCK_ERROR_MS:
        return {}
    return {"sent_at": sent_at_ms}
