"""The expected times of page views."""

from schemas.pings import Ping
from tests.oracle.page_times import longest_views


def test_the_largest_of_a_page_view_counts() -> None:
    mine, other = "main|email:a", "main|email:b"
    pings = [Ping(who, "main", "visits", page, ms) for who, page, ms in (
        (mine, "p", 5), (mine, "p", 3), (other, "p", 9), (mine, "q", 0), ("", "p", 1))]  # fmt: skip
    expected = {
        ("main", "email:a", "p"): 5,
        ("main", "email:b", "p"): 9,
        ("main", "email:a", "q"): 0,
        ("main", "", "p"): 1,
    }
    assert longest_views(pings) == longest_views([b"", *reversed(pings), *pings]) == expected
