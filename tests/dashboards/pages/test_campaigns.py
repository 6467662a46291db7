"""The page of campaigns: figures of the questions, steps of the funnel by its form, and shares."""

from dashboards.answers.campaigns import Campaign, CampaignScore, campaigns
from dashboards.answers.funnel import FunnelStep, Reached, funnel, read_steps
from dashboards.answers.retention import retention
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from dashboards.pages import format as write
from dashboards.pages.campaigns import (
    DEFAULT_STEPS,
    CampaignRow,
    StepRow,
    best_of,
    campaign_rows,
    choices,
    label_of,
    step_rows,
)
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.pages.browsing import Site, needs_chromium
from tests.dashboards.people import END_MS

MAIN = Scope()
SPAN = Span(END_MS - 90 * DAY_MS, END_MS)


def make(name: str, people: int) -> Campaign:
    return Campaign("news", "email", name, 0, 0, 0, 0, people, 0, ())


def test_figures_are_those_of_the_questions(api: RunningApi, lived: Client) -> None:
    text = api.get("/campaigns?range=90d").text
    for one in campaigns(lived, MAIN, SPAN).campaigns:
        assert f"<b>{one.source}</b><small>{one.medium}</small>" in text
        assert f'<td class="r">{write.whole(one.people)}</td>' in text
    for step in funnel(lived, MAIN, SPAN, read_steps(DEFAULT_STEPS)):
        assert f'<span class="n">{write.whole(step.people)}</span>' in text
    cohort = max(retention(lived, MAIN, at_ms=END_MS), key=lambda one: sum(one.people[1:]))
    week = next(n for n, people in enumerate(cohort.people) if n and people)
    assert f'title="{cohort.people[week]}">{write.whole(100 * cohort.people[week] / cohort.people[0])}<' in text


@needs_chromium
async def test_steps_of_the_funnel_are_chosen(site: Site, lived: Client) -> None:
    steps = [FunnelStep("visits"), FunnelStep("emails", "clicked")]
    expected = funnel(lived, MAIN, SPAN, steps)
    async with site.visit("/campaigns?range=90d") as visit:
        await visit.page.get_by_text("Other steps").click()
        for number, words in (("1", "Visits"), ("2", "Emails: clicked"), ("3", "none")):
            await visit.page.get_by_label(f"Step {number}").select_option(words)
        await visit.page.get_by_role("button", name="Show").click()
        await visit.page.get_by_text("2. Emails: clicked").wait_for()
        assert visit.page.url.endswith("/campaigns?range=90d&steps=visits,emails:clicked")
        counts = await visit.page.locator("#funnel .n").all_inner_texts()
        assert counts == [str(one.people) for one in expected]


def test_an_empty_range_offers_a_longer_one(api: RunningApi) -> None:
    text = api.get("/campaigns?from=2020-01-01&to=2020-01-02").text
    assert 'href="/campaigns?range=90d"' in text
    assert "No campaign brought anybody" in text


def test_what_is_not_understood_is_a_note(api: RunningApi) -> None:
    text = api.get("/campaigns?touch=third&steps=visits").text
    assert "use touch=first or touch=last" in text
    assert "A funnel has 2 to 8 steps, this one 1" in text


def test_campaigns_have_the_score_of_the_same_name() -> None:
    score = CampaignScore("news", "email", "b", 3, 2, 12.5)
    rows = campaign_rows([make("a", 4), make("b", 2)], [score])
    assert rows == [CampaignRow(make("a", 4), None), CampaignRow(make("b", 2), score)]
    assert best_of(rows) == (make("a", 4), score)
    assert best_of([]) == (None, None)


def test_shares_are_of_the_first_step_and_of_the_one_before() -> None:
    steps = [FunnelStep("visits"), FunnelStep("visits", "form"), FunnelStep("calls", "answered")]
    reached = [Reached(step, people) for step, people in zip(steps, (100, 40, 10), strict=True)]
    assert step_rows(reached) == [
        StepRow("Visits", 100, 1.0, 1.0),
        StepRow("Visits: form", 40, 0.4, 0.4),
        StepRow("Calls: answered", 10, 0.1, 0.25),
    ]
    assert step_rows([Reached(steps[0], 0), Reached(steps[1], 0)])[1].of_former == 0.0


def test_a_step_of_the_address_can_be_chosen_again() -> None:
    trial = FunnelStep("visits", "custom", "Trial")
    assert label_of(trial) == "Visits: custom: Trial"
    assert choices([trial])[-1] == ("visits:custom:Trial", "Visits: custom: Trial")
    assert ("orders:placed", "Orders: placed") in choices([])
