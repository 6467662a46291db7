"""Pings of page views."""

from schemas.pings import LONGEST_ENGAGED_MS, Ping, limit_engaged
from tests.tables import table


@table(
    ("engaged_ms", "limited"),
    [(0, 0), (0.9, 0), (41_500.7, 41_500), (LONGEST_ENGAGED_MS + 1, LONGEST_ENGAGED_MS), (1e300, LONGEST_ENGAGED_MS)],
)
def test_time_is_whole_and_limited(engaged_ms: float, limited: int) -> None:
    assert limit_engaged(engaged_ms) == limited


def test_pings_of_one_page_view_have_one_key() -> None:
    assert Ping("main|email:a", "main", "visits", "p", 1).key == Ping("main|email:a", "main", "visits", "p", 2).key
    assert Ping("main|email:a", "main", "visits", "p", 1).key == b"main|email:a"
    assert Ping("", "main", "visits", "p", 1).key == b"p"
