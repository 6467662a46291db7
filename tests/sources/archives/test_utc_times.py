"""Times of archives."""

import pytest

from sources.archives.utc_times import read_utc_ms


@pytest.mark.parametrize(
    ("value", "at_ms"),
    [
        ("2026-11-30 10:00:00.500", 1_796_032_800_500),
        ("2026-11-30 10:00:00", 1_796_032_800_000),
        ("2026-11-30T10:00:00.500Z", 1_796_032_800_500),
        ("2026-11-30T11:00:00+01:00", 1_796_032_800_000),
        ("1970-01-01 00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("today", None),
        ("", None),
        ("2" * 100, None),
        (1_796_032_800_000, None),
        (None, None),
    ],
)
def test_time_without_a_zone_is_utc(value: object, at_ms: int | None) -> None:
    assert read_utc_ms(value) == at_ms
