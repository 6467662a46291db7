"""Time zones by name, and local times as instants."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def find_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `ValueError`, in words for the one who chose it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"no time zone {name!r} here: give a name like Europe/Berlin (where there are none, install tzdata)"
        ) from None


def to_epoch_ms(local: datetime, zone: ZoneInfo) -> int:
    """Milliseconds since 1970 of a local time without zone. Of an hour that happens twice, the first one."""
    return round(local.replace(tzinfo=zone).timestamp() * 1000)
