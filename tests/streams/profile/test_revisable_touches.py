"""Of each touch the highest revision counts, as if it had been the only one, in whatever order touches arrive."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from schemas.touch import Touch
from streams.engage.row_values import local_values, piece_values, profile_values
from streams.profile import revisable_touches
from streams.profile.local_state import Aggregate, LocalState, RevisableTouch, RevisedAggregate
from streams.profile.revisable_touches import find_revisable, fold_revisable, revise
from streams.profile.single_touch import single_touch_of
from streams.profile.touch_fold import fold_touch, total
from tests.scale import scaled
from tests.streams.profile.folding import decode, encode, pieces_by_definition, pieces_in
from tests.streams.touches import DAY_MS, GAP_MS, HALF_LIFE_MS, START_MS, assert_same, summary_of, touch, touches


def fold(local: LocalState, each: Touch, late_days: int = 35) -> None:
    """Fold a touch as engage does, without the dedupe of touches that cannot be revised."""
    if each.revision is None:
        fold_touch(local, each, HALF_LIFE_MS, late_days, GAP_MS)
        return
    new = RevisableTouch(each.revision, b"", each.occurred_at_ms // DAY_MS, (), single_touch_of(each, HALF_LIFE_MS))
    kept = find_revisable(local, each.channel, new.id_day, each.event_id)
    if kept is None:
        fold_revisable(local, new, HALF_LIFE_MS, late_days, GAP_MS)
    elif new.revision > kept.revision:
        revise(local, kept, new, HALF_LIFE_MS, GAP_MS)


def folded(some: Sequence[Touch], late_days: int = 35, chance: Random | None = None) -> LocalState:
    local = LocalState()
    for each in some:
        fold(local, each, late_days)
        if chance is not None and chance.random() < 0.3:
            local = decode(encode(local))
    return local


def revisions(some: Sequence[Touch], chance: Random) -> tuple[list[Touch], list[Touch]]:
    """Return reports in random order, some touches with several revisions, and the touches that must count."""
    reports, counted = [], []
    for each in some:
        if chance.random() < 0.5:
            reports.append(each)
            counted.append(each)
            continue
        same = []
        for revision in chance.sample(range(9), chance.randint(1, 4)):
            content = chance.choice(some)
            names = ("bot", "weight", "cap", "cap_value", "page", "source", "medium", "traits")
            changes = {name: getattr(content, name) for name in names}
            same.append(structs.replace(each, revision=revision, **changes))
        counted.append(max(same, key=lambda one: one.revision or 0))
        reports += same
    chance.shuffle(reports)
    return reports, counted


@given(touches(), st.randoms(use_true_random=False))
@settings(max_examples=scaled(400))
def test_the_highest_revisions_count_in_any_order(some: list[Touch], chance: Random) -> None:
    reports, counted = revisions(some, chance)
    local = folded(reports, chance=chance)
    assert_same(total(local), summary_of(counted))
    assert pieces_in(local, counted) == pieces_by_definition(counted)
    assert local_values(local) == profile_values(total(local))


@given(touches(), st.randoms(use_true_random=False))
@settings(max_examples=scaled(200))
def test_closing_days_changes_nothing_that_arrived_in_time(some: list[Touch], chance: Random) -> None:
    """All reports arrive, then a touch that closes their days."""
    reports, counted = revisions(some, chance)
    last = touch(START_MS + 99 * DAY_MS, "last")
    local = folded([*reports, last], chance=chance)
    assert_same(total(local), summary_of([*counted, last]))
    assert isinstance(local.content, Aggregate) == bool(reports)
    assert not isinstance(local.content, RevisedAggregate)


def call(event_id: str, revision: int | None, **fields: object) -> Touch:
    at_ms = fields.pop("at_ms", START_MS)
    assert isinstance(at_ms, int)
    return touch(at_ms, event_id, channel="calls", revision=revision, **fields)


def test_a_place_of_a_cap_is_given_back() -> None:
    """The touch that the cap kept out counts once the first one has another rule."""
    capped = {"cap": 1, "cap_value": "one"}
    first, other = call("a", 0, weight=5.0, **capped), call("b", None, at_ms=START_MS + 1, weight=7.0, **capped)
    final = call("a", 1, weight=-2.0)
    local = folded([first, other])
    assert_same(total(local), summary_of([first, other]))
    fold(local, final)
    assert_same(total(local), summary_of([final, other]))


def test_a_run_is_split_when_its_middle_is_found_to_be_a_bots() -> None:
    middle = call("b", 0, at_ms=START_MS + GAP_MS)
    around = [call("a", None), call("c", None, at_ms=START_MS + 2 * GAP_MS)]
    local = folded([*around, middle])
    assert piece_values(local, START_MS // DAY_MS)[2] == [3]
    fold(local, structs.replace(middle, revision=1, bot=True, weight=0.0))
    assert piece_values(local, START_MS // DAY_MS)[2] == [1, 1]


def test_a_touch_for_a_closed_day_is_final_at_once() -> None:
    newest, old = call("new", None, at_ms=START_MS + 40 * DAY_MS), call("old", 0)
    local = folded([newest, old])
    assert find_revisable(local, "calls", START_MS // DAY_MS, "old") is None
    assert type(local.content) is Aggregate
    assert total(local).touches == {"calls": 2}


def test_a_touch_is_final_once_its_day_is_closed() -> None:
    local = folded([call("a", 0), call("b", 0, at_ms=START_MS + DAY_MS)], late_days=1)
    assert find_revisable(local, "calls", START_MS // DAY_MS, "a") is not None
    fold(local, call("c", None, at_ms=START_MS + 2 * DAY_MS), late_days=1)
    assert find_revisable(local, "calls", START_MS // DAY_MS, "a") is None
    assert find_revisable(local, "calls", START_MS // DAY_MS + 1, "b") is not None


def test_the_earliest_of_too_many_touches_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisable_touches, "MOST", 2)
    reports = [call(name, 0, at_ms=START_MS + at, weight=2.0) for at, name in ((5, "b"), (1, "a"), (9, "c"))]
    local = folded(reports)
    kept = [find_revisable(local, "calls", START_MS // DAY_MS, name) for name in "abc"]
    assert [one is not None for one in kept] == [False, True, True]
    final = call("c", 1, at_ms=START_MS + 9, weight=-1.0)
    fold(local, final)
    assert_same(total(local), summary_of([*reports[:2], final]))


@pytest.mark.parametrize("where", [("visits", 0, "a"), ("calls", 1, "a"), ("calls", 0, "b")])
def test_another_channel_day_or_id_is_another_touch(where: tuple[str, int, str]) -> None:
    channel, day, event_id = where
    local = folded([call("a", 0)])
    assert find_revisable(local, "calls", START_MS // DAY_MS, "a") is not None
    assert find_revisable(local, channel, START_MS // DAY_MS + day, event_id) is None
    assert find_revisable(LocalState(), "calls", START_MS // DAY_MS, "a") is None
