"""The page of service: figures of the question, the map of hours, and what is not known."""

from dataclasses import replace

import pytest

from dashboards.answers.call_service_levels import NO_CALLS, Level, ServiceLevels, call_service_levels
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from dashboards.answers.waiting import waiting_now
from dashboards.pages import format as write
from dashboards.pages.service import SHOWN, groups_of, heat_map, worst_hour
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.pages.browsing import Site, needs_chromium
from tests.dashboards.people import END_MS

SPAN = Span(END_MS - 90 * DAY_MS, END_MS, "Europe/Berlin")
LEVEL = Level(10, 7, 1, 2, 0, 5, 10, 12, 60, 0)


def test_figures_are_those_of_the_question(api: RunningApi, lived: Client) -> None:
    text = api.get("/service?range=90d").text
    all_ = call_service_levels(lived, Scope(), SPAN).all
    assert f"<span data-value>{write.whole(all_.calls)}</span>" in text
    assert write.counted(all_.abandoned, "call") in text
    for count in (all_.answered, all_.missed):
        assert f'<span class="n">{write.whole(count)}</span>' in text
    assert all_.waits == 0  # these calls do not say how long callers waited
    assert "answered within" not in text


def test_who_waits_is_listed_for_those_who_see_lists(api: RunningApi, lived: Client) -> None:
    rows = waiting_now(lived, Scope(), at_ms=END_MS).rows
    text = api.get("/service").text
    assert f"<b>{len(rows)} customers wait for an answer</b>" in text
    assert "1 call, 1 email<" in text
    key = api.services.profile_keys.key_of("main", rows[0].profile)
    assert f'<a href="/customers/{key}#touch-{rows[0].event_id}">' in text
    for role, says in (("dashboard", f'href="/customers/{key}"'), ("support", "Your role does not see who waits.")):
        shown = api.get("/service", role).text
        assert says in shown
        assert rows[0].profile.partition(":")[2] not in shown
    assert key not in shown


@needs_chromium
async def test_the_map_can_be_read_as_a_table_and_shows_what_is_chosen(site: Site, lived: Client) -> None:
    found = {(day, hour): level for day, hour, level in call_service_levels(lived, Scope(), SPAN).by_hour}
    async with site.visit("/service?range=90d&tz=Europe/Berlin") as visit:
        await visit.page.get_by_role("button", name="As table").click()
        rows = await visit.page.locator("#hours tbody tr").all_inner_texts()
        assert rows == [
            "\t".join(
                [f"{hour}:00", *(str(found[day, hour].calls if (day, hour) in found else 0) for day in range(1, 8))]
            )
            for hour in range(24)
        ]
        await visit.page.get_by_role("link", name="Gave up", exact=True).click()
        await visit.page.wait_for_url("**show=abandoned*")
        await visit.check_accessibility()


def test_an_empty_range_offers_a_longer_one(api: RunningApi) -> None:
    text = api.get("/service?from=2020-01-01&to=2020-01-02").text
    assert "<b>Nobody called</b>" in text
    assert 'href="/service?range=90d"' in text


def test_what_cannot_be_shown_is_a_note(api: RunningApi) -> None:
    assert "“tears” cannot be shown: use one of calls" in api.get("/service?show=tears").text


@pytest.mark.parametrize(
    ("show", "value", "nothing"), [("calls", 10.0, 0.0), ("abandoned", 20.0, None), ("within", 50.0, None)]
)
def test_an_hour_without_calls_has_no_share(show: str, value: float, nothing: float | None) -> None:
    chart = heat_map([(3, 14, LEVEL)], show)
    assert chart.series[2].values[14] == value
    assert {one for series in chart.series for one in series.values} == {value, nothing}
    assert len(chart.names) == 24


def test_the_worst_hour_is_that_in_which_most_gave_up() -> None:
    worse = replace(LEVEL, abandoned=4)
    assert worst_hour([(1, 9, LEVEL), (5, 16, worse)]) == "Friday from 16:00 to 17:00"
    assert worst_hour([(1, 9, replace(LEVEL, abandoned=0))]) == ""
    assert worst_hour([]) == ""


def test_groups_without_any_name_are_left_out() -> None:
    found = ServiceLevels(20, NO_CALLS, (), (("", LEVEL),), (("ines", LEVEL), ("", LEVEL)))
    assert [id_ for id_, _, _ in groups_of(found)] == ["agents"]


def test_all_agents_are_shown_on_request() -> None:
    found = ServiceLevels(20, NO_CALLS, (), (), tuple((f"agent {number}", LEVEL) for number in range(SHOWN + 1)))
    assert [len(groups_of(found, all_rows=all_rows)[0][2]) for all_rows in (False, True)] == [SHOWN, SHOWN + 1]
