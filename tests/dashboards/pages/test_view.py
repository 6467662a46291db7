"""The state of a page in its address."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from dashboards.pages.view import View, read_view

NOW_MS = 1_796_130_723_000


def read(cookie_zone: str = "", **query: str) -> View:
    return read_view(
        "/", {name.rstrip("_"): value for name, value in query.items()}, at_ms=NOW_MS, cookie_zone=cookie_zone
    )


def test_a_page_without_parameters_shows_its_default() -> None:
    view = read()
    assert (view.range, view.to_ms, view.from_ms) == ("24h", NOW_MS, NOW_MS - 86_400_000)
    assert (view.zone, view.channels, view.compare, view.notes) == (UTC, (), True, ())


def test_a_comparison_can_be_left_out() -> None:
    assert [read(compare=value).compare for value in ("week", "none")] == [True, False]
    assert read(compare="none").query(range="7d") == "/?compare=none&range=7d"


def test_dates_are_of_the_zone() -> None:
    view = read(from_="2026-11-30", to="2026-12-01", tz="Europe/Berlin")
    assert (view.range, view.from_ms, view.to_ms) == ("", 1_795_993_200_000, 1_796_079_600_000)
    assert read(from_="2026-11-30").to_ms == NOW_MS


@pytest.mark.parametrize(
    "query",
    [
        {"range": "2y"},
        {"from_": "yesterday"},
        {"from_": "2026-12-01", "to": "2026-11-01"},
        {"tz": "Mars/Base"},
        {"tz": "../../etc/passwd"},
        {"channel": "pigeons"},
        {"compare": "year"},
        {"from_": "0001-01-01", "tz": "Asia/Tokyo"},
    ],
)
def test_an_unknown_value_falls_back_with_a_note(query: dict[str, str]) -> None:
    view = read(**query)
    assert view.range == "24h"
    assert len(view.notes) == 1
    assert view.channels == ()


@pytest.mark.parametrize(
    ("from_", "to", "advice"),
    [
        ("yesterday", "", "are not understood"),
        ("1900-01-01", "1900-01-02", "from 1990 to 2069"),
        ("9999-12-31T23:59:59-12:00", "", "from 1990 to 2069"),
        ("2026-12-01", "2026-11-01", "in the wrong order"),
    ],
)
def test_a_note_says_what_is_wrong_with_dates(from_: str, to: str, advice: str) -> None:
    assert advice in read(from_=from_, to=to).notes[0]


def test_the_browser_keeps_a_zone_and_the_address_goes_before_it() -> None:
    assert read(cookie_zone="Asia/Tokyo").zone == ZoneInfo("Asia/Tokyo")
    assert read(cookie_zone="Asia/Tokyo", tz="Europe/Berlin").zone_name == "Europe/Berlin"
    assert read(cookie_zone="nowhere").zone_name == "UTC"
    assert read(cookie_zone="nowhere").notes == ()


def test_links_change_one_parameter_and_keep_the_others() -> None:
    view = read(range="7d", channel="emails,visits", evil="<script>")
    assert view.channels == ("visits", "emails")
    assert view.query(range="1h") == "/?range=1h&channel=emails,visits"
    assert view.query(channel="") == "/?range=7d"
    assert read(from_="2026-11-30").query(range="1h") == "/?range=1h"
    assert read().query() == "/"
