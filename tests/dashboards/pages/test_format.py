"""Numbers, durations and times as a page writes them."""

from zoneinfo import ZoneInfo

import pytest

from dashboards.pages import format as write

BERLIN = ZoneInfo("Europe/Berlin")
NOW_MS = 1_796_130_723_000  # Tue 1 December 2026, 13:12:03 UTC


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, ("0", "")),
        (18204, ("18\u2009204", "")),
        (99_999, ("99\u2009999", "")),
        (100_000, ("100", "k")),
        (2_384_112, ("2.38", "M")),
        (-23_841_120, ("−23.8", "M")),
        (4.2e9, ("4.20", "G")),
        (9e13, ("90.0", "T")),
    ],
)
def test_large_numbers_have_three_digits_and_a_letter(number: float, expected: tuple[str, str]) -> None:
    assert write.short(number) == expected


def test_a_difference_has_its_sign() -> None:
    assert write.change(17) == "+17"
    assert write.change(-0.64, 1) == "−0.6"
    assert write.change(-0.02, 1) == "0"
    assert write.points(-6.13) == "−6.1"
    assert write.points(-0.01) == "0.0"
    assert write.percent(0.314) == "31.4\u00a0%"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(24, "0:24"), (520, "8:40"), (4320, "1\u00a0h 12\u00a0min"), (260_000, "3\u00a0d")],
)
def test_durations(seconds: float, expected: str) -> None:
    assert write.duration(seconds) == expected


def test_rates_and_sizes_have_the_digits_that_matter() -> None:
    assert [write.rate(one) for one in (67.3, 4.24, 0.05)] == ["67", "4.2", "0.05"]
    assert [write.size(one) for one in (999, 12_400, 4.1e9)] == ["999\u00a0B", "12\u00a0kB", "4.1\u00a0GB"]


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [
        (0, "now"),
        (4, "4\u00a0s ago"),
        (430, "7\u00a0min ago"),
        (2 * 3600, "12:12"),
        (3 * 86_400, "28 November"),
        (400 * 86_400, "27 October 2025"),
        (-60, "Today, 14:13"),
    ],
)
def test_an_age_becomes_a_time_after_an_hour(age_s: int, expected: str) -> None:
    assert write.ago(NOW_MS - age_s * 1000, BERLIN, NOW_MS) == expected


def test_days_and_full_times_are_those_of_the_zone() -> None:
    assert write.day(NOW_MS - 14 * 3_600_000, BERLIN, NOW_MS) == "Today"
    assert write.day(NOW_MS - 15 * 3_600_000, BERLIN, NOW_MS) == "Yesterday"
    assert write.day(NOW_MS - 3 * 86_400_000, BERLIN, NOW_MS) == "Saturday 28 November"
    assert write.full(NOW_MS, BERLIN) == "Tue 1 December 2026, 14:12:03 CET"
    assert write.machine(NOW_MS) == "2026-12-01T13:12:03.000Z"
    assert write.short_day(NOW_MS, BERLIN) == "1 Dec"


def test_a_customer_is_called_by_name_or_by_what_identifies() -> None:
    assert write.person("email:ada@example.org", "Ada") == "Ada"
    assert write.person("email:ada@example.org") == "ada@example.org"
    assert write.person("anonymous_id:b7c1f0d2-77aa") == "Visitor b7c1f0d2…"
    assert write.person("customer_id:1042") == "Customer 1042"
    assert write.person("···") == "···"


def test_a_number_has_its_noun() -> None:
    assert [write.counted(number, "touch") for number in (0, 1, 1200)] == ["0 touches", "1 touch", "1\u2009200 touches"]
