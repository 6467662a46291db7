"""Scores under changed rules equal those of the pipeline that ran with these rules."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

import pytest

from dashboards.answers.rule_changes import KnownRule, RuleChange, Ruleset, apply_changes
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE, score_of
from dashboards.answers.what_if import BOUNDS, RULE_DAYS, SHOWN, RuleEffect, WhatIf, rule_effects, what_if
from sinks.clickhouse.client import Client
from streams.rules.evaluator import Rules, load_rules
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS, RULES, Journey, rules
from tests.dashboards.people import END_MS, START_MS, live

MAIN = Scope()
AT_MS = END_MS
CHANGED_RULES = (
    RULES.replace("weight = 12.5", "weight = 900")
    .replace("weight = 8\ncap = 2", "weight = 30\ncap = 1")
    .replace("weight = -4\ncap = 2", "weight = -4")
    .replace("weight = -30", "weight = -1\ncap = 1")
)
CHANGES = (
    RuleChange("form", 900),
    RuleChange("answered", 30, 1),
    RuleChange("bounced", -4, 0),
    RuleChange("unsubscribed", -1, 1),
)


def ruleset(found: Rules) -> Ruleset:
    known = (KnownRule(one.name, one.channel, one.weight, one.cap, one.group) for one in found.rules)
    return Ruleset(tuple(known), found.half_life_ms)


KNOWN = ruleset(rules())


def scores(client: Client, at_ms: int, half_life_ms: int = HALF_LIFE_MS) -> dict[str, float]:
    """Scores of the profiles with touches that a score counts."""
    rows = client.query(
        "SELECT identifier, rank_pos, rank_neg FROM profiles FINAL "
        "WHERE tenant = 'main' AND parent = '' AND touches > 0"
    ).result_rows
    return {name: score_of(pos, neg, at_ms, half_life_ms).net for name, pos, neg in rows}


class FirstReports(Journey):
    """A pipeline that gets the first report of each touch: which of two equal revisions counts depends on the rules."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._sent: set[object] = set()

    def send(self, channel: str, touch: Mapping[str, object] | bytes, at_ms: int) -> None:
        if isinstance(touch, bytes) or touch["event_id"] in self._sent:
            return
        self._sent.add(touch["event_id"])
        super().send(channel, touch, at_ms)


@pytest.fixture(scope="module")
def stored(new_place: Callable[[], Place]) -> tuple[Client, Client]:
    """Readers of the rows of one set of touches, folded under both sets of rules."""
    found = load_rules(CHANGED_RULES, "changed.toml")
    assert isinstance(found, Rules), found
    places = []
    for used in (rules(), found):
        journey, place = FirstReports(Random(14), rules=used), new_place()
        live(journey, 600, persons=30)
        journey.run()
        journey.store(place.writer)
        places.append(place.reader)
    return places[0], places[1]


def test_changed_scores_equal_those_of_a_pipeline_with_the_changed_rules(stored: tuple[Client, Client]) -> None:
    before, after = (scores(client, AT_MS) for client in stored)
    found = what_if(stored[0], MAIN, KNOWN, apply_changes(KNOWN, CHANGES), at_ms=AT_MS, half_life_ms=HALF_LIFE_MS)
    entering = {name for name in after if after[name] >= HOT_SCORE > before[name]}
    assert len(entering) > 3
    assert (found.hot, found.new_hot) == (count_hot(before), count_hot(after))
    assert found.enter == len(entering)
    assert {one.profile for one in found.entering} == entering
    for one in found.entering:
        assert one.score == pytest.approx(before[one.profile], rel=1e-3, abs=0.1)
        assert one.new_score == pytest.approx(after[one.profile], rel=1e-3, abs=0.1)
        assert one.name.startswith("Person") or one.name == ""


def count_hot(found: dict[str, float]) -> int:
    return sum(score >= HOT_SCORE for score in found.values())


def test_without_a_change_the_scores_are_those_stored(stored: tuple[Client, Client]) -> None:
    found = what_if(stored[1], MAIN, KNOWN, (), at_ms=AT_MS, half_life_ms=HALF_LIFE_MS)
    assert (found.enter, found.leave, found.entering, found.leaving) == (0, 0, (), ())
    assert all(level.profiles == level.new_profiles for level in found.levels)
    assert sum(level.profiles for level in found.levels) == found.profiles
    hot_levels = [level.profiles for level in found.levels if level.least is not None and level.least >= HOT_SCORE]
    assert sum(hot_levels) == found.hot == count_hot(scores(stored[1], AT_MS)) > 3
    assert [level.least for level in found.levels] == [None, *BOUNDS]


def test_longer_half_life_lets_profiles_become_hot_and_a_shorter_one_leave(stored: tuple[Client, Client]) -> None:
    def found(half_life_ms: int) -> WhatIf:
        return what_if(stored[1], MAIN, KNOWN, (), at_ms=AT_MS, half_life_ms=half_life_ms)

    longer, shorter = found(6 * HALF_LIFE_MS), found(HALF_LIFE_MS // 7)
    assert longer.enter > 0 == longer.leave
    assert shorter.leave > 0 == shorter.enter
    assert len(shorter.leaving) == min(shorter.leave, SHOWN)
    assert [one.score for one in shorter.leaving] == sorted((one.score for one in shorter.leaving), reverse=True)
    assert longer.since_ms < shorter.since_ms


def test_effects_of_rules_are_sums_over_the_counted_touches(stored: tuple[Client, Client]) -> None:
    def effects(client: Client, changed: Sequence[KnownRule]) -> dict[tuple[str, str], RuleEffect]:
        return {(one.channel, one.name): one for one in rule_effects(client, MAIN, changed, at_ms=AT_MS)}

    now, then = (effects(client, ()) for client in stored)
    found = effects(stored[0], apply_changes(KNOWN, CHANGES))
    assert found.keys() == now.keys() >= {("visits", ""), ("visits", "form"), ("visits", "page"), ("calls", "answered")}
    since_ms = AT_MS // DAY_MS * DAY_MS - RULE_DAYS * DAY_MS
    rows = (
        stored[0]
        .query(
            "SELECT channel, rule, count() FROM events FINAL "
            "WHERE tenant = 'main' AND NOT beyond_window AND folded_into != '' "
            f"AND occurred_at >= fromUnixTimestamp64Milli({since_ms}, 'UTC') GROUP BY channel, rule"
        )
        .result_rows
    )
    assert {key: one.touches for key, one in found.items()} == {(channel, rule): count for channel, rule, count in rows}
    for key, one in found.items():
        assert (one.counted, one.points) == (now[key].counted, pytest.approx(now[key].points))
        assert (one.new_counted, one.new_points) == (then[key].counted, pytest.approx(then[key].points))
    form = found["visits", "form"]
    assert form.new_points == pytest.approx(form.points * 900 / 12.5)


def test_empty_store_has_no_scores(place: Place) -> None:
    found = what_if(place.reader, MAIN, KNOWN, (), at_ms=START_MS, half_life_ms=HALF_LIFE_MS)
    assert (found.profiles, found.hot, found.new_hot) == (0, 0, 0)
    assert rule_effects(place.reader, MAIN, (), at_ms=START_MS) == []
