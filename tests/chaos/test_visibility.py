"""Figures of the observed delays."""

import pytest

from tests.chaos.visibility import find_longest_pause_s, quantiles


@pytest.mark.parametrize(
    ("changed_s", "pause_s"),
    [([], 10.0), ([101.0, 109.0], 8.0), ([99.0, 104.0, 111.0], 6.0), ([100.5, 101.0, 102.0], 8.0)],
)
def test_the_longest_pause_is_limited_to_the_given_interval(changed_s: list[float], pause_s: float) -> None:
    assert find_longest_pause_s(changed_s, 100.0, 110.0) == pause_s


def test_quantiles() -> None:
    assert quantiles([]) == {}
    assert quantiles([one / 10 for one in range(200, 0, -1)]) == {
        "count": 200, "p50_s": 10.1, "p99_s": 19.9, "max_s": 20.0,
    }  # fmt: skip
