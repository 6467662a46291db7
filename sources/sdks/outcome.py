"""What an adapter makes of one event of a client: a touch, an event that cannot be mapped, or none.

An adapter returns at least one outcome for each event, so that the collector's metrics account for all of them.
"""

from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from sources.collected import Collected

WRITE_KEY_FIELDS: Final = frozenset({"writeKey", "write_key", "api_key", "token", "aid"})
"""Fields in which SDKs put a write key. They are left out of whatever is stored."""


class SkipReason(StrEnum):
    """Why an event is no touch. The values are in the metrics and in the documentation."""

    ALIAS_OF_ITSELF = "alias_of_itself"  # analytics.js sends it after `identify` with the same id
    PAGE_PING = "page_ping"  # of Snowplow, without the id of its page view
    ERROR_REPORT = "error_report"  # a fault of a program, not an action of a customer
    SDK_INTERNAL = "sdk_internal"  # what an SDK reports about itself: feature flags, web vitals


class Skipped(NamedTuple):
    """An event that is no touch, with the reason."""

    reason: SkipReason


class Unmapped(NamedTuple):
    """An event that cannot be mapped. It goes to the raw topic as it was sent, so that intake quarantines it.

    `event` is the decoded JSON without write keys.
    """

    channel: str
    event: object


Outcome: TypeAlias = Collected | Unmapped | Skipped


def unmapped(event: object) -> Unmapped:
    """Return an event that cannot be mapped, without the fields that may hold a write key."""
    if isinstance(event, dict):
        event = {name: value for name, value in event.items() if name not in WRITE_KEY_FIELDS}
    return Unmapped("visits", event)
