"""How many records a partition lags, as far as positions are known."""

import pytest

from streams.runtime.progress import PartitionProgress


@pytest.mark.parametrize(
    ("position", "committed", "end", "lag"),
    [
        (12, 10, 15, 5),  # what is not committed is not finished
        (12, None, 15, 3),
        (None, None, 15, None),
        (12, 10, None, None),
        (12, 10, 9, 0),  # the end was read before
        (0, None, 0, 0),
    ],
)
def test_lag(position: int | None, committed: int | None, end: int | None, lag: int | None) -> None:
    row = PartitionProgress("visits", 0, True, False, 0, position, committed, end, 0.0)
    assert row.lag == lag
