"""UTC days of times, before 1970 too."""

from schemas.time import DAY_MS, day_of
from tests.tables import table


@table(
    ("t_ms", "day"),
    [(0, 0), (DAY_MS - 1, 0), (DAY_MS, 1), (-1, -1), (-DAY_MS, -1), (-DAY_MS - 1, -2), (1_795_852_800_000, 20_785)],
)
def test_a_day_begins_at_midnight(t_ms: int, day: int) -> None:
    assert day_of(t_ms) == day
