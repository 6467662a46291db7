"""Formats of points, durations, sizes and times."""

import pytest

from dashboards.terminal import format


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12.34, "12.3"), (1234567.0, "1,234,567.0"), (0.0004, "0.0004"), (-3.0, "-3.0")],
)
def test_points(value: float, text: str) -> None:
    assert format.points(value).plain == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0 s"), (45_000, "45 s"), (7_200_000, "2 h"), (600_000, "10 min"), (14 * 86_400_000, "14 d")]
)
def test_age(ms: int, text: str) -> None:
    assert format.age(ms).plain == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (2_500_000_000_000_000, "2500.0 TB")]
)
def test_size(number: int, text: str) -> None:
    assert format.size(number).plain == text


def test_when() -> None:
    assert format.when(0).plain == "1970-01-01T00:00:00Z"
    assert format.when(None).plain == "-"
