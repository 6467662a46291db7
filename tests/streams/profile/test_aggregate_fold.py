"""An aggregate takes number and time of a touch apart from its content, and closes days."""

from streams.profile.aggregate_fold import add_content, fold_into, update_seen
from streams.profile.local_state import Aggregate, LocalState
from streams.profile.open_days import runs_of
from streams.profile.summary import Summary
from streams.profile.touch_fold import total
from tests.streams.touches import DAY_MS, GAP_MS, HALF_LIFE_MS, START_MS, assert_same, summary_of, touch

TOUCHES = [
    touch(START_MS, "a", source="google", traits={"name": "Ada"}),
    touch(START_MS + 5, "b", cap=1, cap_value="one", weight=2.0),
    touch(START_MS + 6, "c", bot=True, weight=0.0),
    touch(START_MS + DAY_MS, "d", weight=-3.0),
]


def test_a_fold_is_number_and_time_and_content() -> None:
    whole, parts = Aggregate(Summary({}, 0, 1, START_MS, START_MS)), Aggregate(Summary({}, 0, 1, START_MS, START_MS))
    for each in TOUCHES:
        result = fold_into(whole, each, HALF_LIFE_MS, 35, GAP_MS)
        update_seen(parts, each.occurred_at_ms, each.rules_version, 35)
        parts.plain.touches["visits"] = parts.plain.touches.get("visits", 0) + 1
        assert add_content(parts, each, False, HALF_LIFE_MS, GAP_MS) == result == (each.weight, False)
    assert parts == whole
    assert_same(total(LocalState(whole)), summary_of(TOUCHES))


def test_a_day_closes_when_a_later_touch_is_further_away_than_days_stay_open() -> None:
    aggregate = Aggregate(Summary({}, 0, 1, START_MS, START_MS))
    day = START_MS // DAY_MS
    for each in TOUCHES[:3]:
        fold_into(aggregate, each, HALF_LIFE_MS, 2, GAP_MS)
    assert update_seen(aggregate, START_MS + 2 * DAY_MS, "v1", 2) == day
    assert runs_of(aggregate.open, day)
    assert update_seen(aggregate, START_MS + 3 * DAY_MS, "v1", 2) == day + 1
    assert not runs_of(aggregate.open, day)
    late = touch(START_MS + 9, "late", cap=1, cap_value="one")
    assert fold_into(aggregate, late, HALF_LIFE_MS, 2, GAP_MS) == (0.0, True)
