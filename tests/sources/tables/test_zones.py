"""Time zones and local times."""

from datetime import datetime

import pytest

from sources.tables.zones import find_zone, to_epoch_ms


@pytest.mark.parametrize(
    ("local", "zone", "at_ms"),
    [
        (datetime(1970, 1, 1), "UTC", 0),
        (datetime(1999, 2, 1, 7, 2, 47), "Asia/Jerusalem", 917_845_367_000),
        (datetime(2024, 10, 27, 2, 30), "Europe/Berlin", 1_729_989_000_000),  # ambiguous: the earlier instant
        (datetime(2024, 1, 1, 0, 0, 0, 999_000), "UTC", 1_704_067_200_999),
    ],
)
def test_local_times_are_converted(local: datetime, zone: str, at_ms: int) -> None:
    assert to_epoch_ms(local, find_zone(zone)) == at_ms


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "\x00"])
def test_an_unknown_zone_raises(name: str) -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        find_zone(name)
