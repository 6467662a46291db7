"""Time zones by name, and conversion of local times to instants."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def find_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name. Raises `ValueError` with a message for the user."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"no time zone {name!r}: give a name like Europe/Berlin (if the system has no time zones, install tzdata)"
        ) from None


def to_epoch_ms(local: datetime, zone: ZoneInfo) -> int:
    """Return milliseconds since 1970 of a local time without a zone; an ambiguous time is the earlier instant."""
    return round(local.replace(tzinfo=zone).timestamp() * 1000)
