"""The page of data quality: figures of the question, reasons and days."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

from dashboards.answers.data_quality import Rejections, data_quality
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from dashboards.pages import format as write
from dashboards.pages.quality import FLAGS, by_day, days_between, reason_rows, seen
from schemas.flags import Flag
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.people import END_MS

SPAN = Span(END_MS - 90 * DAY_MS, END_MS)
FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)
START_MS = 1_796_083_200_000  # 1 December 2026, 00:00 UTC


def refused(day: date, reason: str, records: int, newest_ms: int = 0) -> Rejections:
    return Rejections(day, reason, records, "visits/0/1", "url: required", newest_ms)


def test_figures_are_those_of_the_question(api: RunningApi, lived: Client) -> None:
    text = api.get("/quality?range=90d").text
    expected = data_quality(lived, Scope(), SPAN)
    reasons = reason_rows(expected.rejected)
    total = sum(row.records for row in reasons)
    assert total > 0
    assert f"<b>{write.whole(total)} records were refused</b>" in text
    assert f"<span data-value>{write.whole(expected.all.touches)}</span>" in text
    assert write.percent(total / (total + seen(expected.all))) in text
    assert f"touchline quarantine show {reasons[0].newest.place}" in text
    for _, _, arrivals in expected.by_source:
        assert f'<td class="r">{write.whole(arrivals.touches)}</td>' in text


def test_an_empty_range_offers_a_longer_one(api: RunningApi) -> None:
    text = api.get("/quality?from=2020-01-01&to=2020-01-02").text
    assert "<b>Nothing arrived</b>" in text
    assert 'href="/quality?range=90d"' in text


def test_a_dashboard_sees_no_detail_of_a_record(api: RunningApi) -> None:
    assert "required" in api.get("/quality?range=90d").text
    assert "required" not in api.get("/quality?range=90d", "dashboard").text


def test_reasons_are_summed_over_days_with_their_newest_record() -> None:
    rejected = [refused(FIRST, "bad_time", 2, 5), refused(SECOND, "bad_time", 3, 9), refused(FIRST, "not_json", 9, 1)]
    rows = reason_rows(rejected)
    assert [(row.reason, row.records, row.newest.newest_ms) for row in rows] == [("not_json", 9, 1), ("bad_time", 5, 9)]
    chart = by_day(rejected, rows, START_MS, START_MS + 2 * DAY_MS, UTC)
    assert [(one.label, list(one.values)) for one in chart.series] == [("not json", [9, 0]), ("bad time", [2, 3])]
    assert list(chart.positions) == [START_MS, START_MS + DAY_MS]


def test_rare_reasons_are_shown_together() -> None:
    rejected = [refused(FIRST, f"reason_{number}", 10 - number) for number in range(8)]
    chart = by_day(rejected, reason_rows(rejected), START_MS, START_MS + DAY_MS, UTC)
    assert (chart.series[-1].label, list(chart.series[-1].values)) == ("others", [4 + 3])


def test_days_are_of_the_zone() -> None:
    assert days_between(START_MS, START_MS + DAY_MS, UTC) == [FIRST]
    assert days_between(START_MS, START_MS + DAY_MS, ZoneInfo("Europe/Berlin")) == [FIRST, SECOND]
    assert len(days_between(0, START_MS, UTC)) == 92


def test_each_flag_has_words() -> None:
    assert FLAGS.keys() == set(Flag)
