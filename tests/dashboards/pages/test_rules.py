"""The page of rules: its form, its address, and figures that are those of the question."""

import pytest

from dashboards.answers.rule_changes import KnownRule, RuleChange, Ruleset, apply_changes
from dashboards.answers.scope import Scope
from dashboards.answers.what_if import rule_effects, what_if
from dashboards.pages import format as write
from dashboards.pages.rules import form_address, read_trial
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from tests.dashboards.api.example_services import KNOWN
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.pages.browsing import Site, needs_chromium
from tests.dashboards.people import END_MS

CHANGED = apply_changes(KNOWN, [RuleChange("form", 900)])


@needs_chromium
async def test_a_change_in_the_form_shows_who_would_be_hot(site: Site, lived: Client) -> None:
    expected = what_if(lived, Scope(), KNOWN, CHANGED, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    async with site.visit("/rules") as visit:
        await visit.page.get_by_label("Points of form").fill("900")
        await visit.page.keyboard.press("Enter")
        await visit.page.get_by_text(f"{expected.new_hot} customers would be hot").wait_for()
        assert visit.page.url.endswith("/rules?changes=form:900")
        assert await visit.page.get_by_label("Points of form").input_value() == "900"
        names = await visit.page.locator("#entering tbody a").all_inner_texts()
        assert names == [one.name or one.profile for one in expected.entering]
        await visit.page.get_by_role("button", name="As table").click()
        cells = await visit.page.locator("#scores tbody tr").last.locator("td").all_inner_texts()
        assert cells == ["500+", str(expected.levels[-1].new_profiles), str(expected.levels[-1].profiles)]
        await visit.check_accessibility()


def test_sums_of_rules_are_those_of_their_touches(api: RunningApi, lived: Client) -> None:
    text = api.get("/rules").text
    for one in rule_effects(lived, Scope(), (), at_ms=END_MS):
        assert f">{write.whole(one.touches)}</td>" in text
        assert f">{write.whole(one.points)}</td>" in text


def test_a_dashboard_sees_who_would_be_hot_masked(api: RunningApi) -> None:
    text = api.get("/rules?changes=form:900", "dashboard").text
    assert "···" in text
    assert "Person 1" not in text
    assert "Person 1" in api.get("/rules?changes=form:900").text


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"points.form": "12.5", "cap.form": "", "half_life_days": "7"}, "/rules"),
        ({"points.form": "40", "points.page": "1", "cap.page": "5"}, "/rules?changes=form:40,page:1:5"),
        ({"points.form": "much", "half_life_days": "14"}, "/rules?changes=form:much&half_life_days=14"),
        ({"points.answered": "8", "cap.answered": ""}, "/rules?changes=answered:8:0"),
        ({"changes": "form:40"}, None),
    ],
)
def test_the_address_has_what_differs(fields: dict[str, str], address: str | None) -> None:
    assert form_address(fields, KNOWN) == address


def test_the_form_leads_to_its_address(api: RunningApi) -> None:
    found = api.get("/rules?points.form=40&cap.page=3")
    assert (found.status_code, found.headers["location"]) == (303, "/rules?changes=form:40")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"changes": "form:much"}, "form:much” is no change"),
        ({"changes": "other:3"}, "There is no rule other."),
        ({"half_life_days": "0"}, "The half-life “0” is not possible"),
        ({"half_life_days": "nan"}, "The half-life “nan” is not possible"),
    ],
)
def test_what_is_not_understood_is_a_note(api: RunningApi, query: dict[str, str], words: str) -> None:
    changes, half_life_ms, notes = read_trial(query, KNOWN)
    assert (changes, half_life_ms, len(notes)) == ([], HALF_LIFE_MS, 1)
    assert words in notes[0]
    name, value = next(iter(query.items()))
    assert words in api.get(f"/rules?{name}={value}").text


def test_a_half_life_is_read_in_days() -> None:
    assert read_trial({"half_life_days": "3.5"}, Ruleset((KnownRule("a", "visits", 1),), DAY_MS))[1] == 3.5 * DAY_MS
