"""The margin of free room, and how often the disk is checked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.engine.disk.free_space import MB, Margin, margin_of, read_disk_space

GB = 1 << 30


@pytest.mark.parametrize(
    ("size_bytes", "min_free_mb", "stop_mb"),
    [
        (300 * MB, None, 30),
        (2 * GB, None, 204),
        (10 * GB, None, 256),
        (100 * GB, None, 1024),
        (4096 * GB, None, 5120),
        (100 * GB, 50, 50),
        (100 * GB, 0, 0),
    ],
)
def test_the_margin_follows_the_size_of_the_disk(size_bytes: int, min_free_mb: int | None, stop_mb: int) -> None:
    margin = margin_of(size_bytes, min_free_mb)
    assert margin.stop_bytes // MB == stop_mb
    assert margin.resume_bytes == margin.stop_bytes + margin.stop_bytes // 2


def test_it_resumes_later_than_it_stopped() -> None:
    margin = Margin(100, 150)
    seen, low = [], False
    for free in (200, 100, 99, 100, 149, 150, 120, 99):
        low = margin.is_low(free, low)
        seen.append(low)
    assert seen == [False, False, True, True, True, False, False, True]


def test_without_a_margin_it_never_stops() -> None:
    assert not margin_of(GB, 0).is_low(0, was_low=False)


@given(st.integers(0, 1 << 50), st.integers(0, 1 << 40))
def test_the_next_check_is_sooner_near_the_margin(free_bytes: int, more: int) -> None:
    margin = margin_of(100 * GB, None)
    assert 0.02 <= margin.next_check_s(free_bytes) <= margin.next_check_s(free_bytes + more) <= 1.0


def test_free_and_total_size_are_read(tmp_path: Path) -> None:
    space = read_disk_space(tmp_path)
    assert 0 <= space.free_bytes <= space.size_bytes > 0
