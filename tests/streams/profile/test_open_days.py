"""Open days accept late touches; closed days do not change."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.touch import Touch
from streams.engage.row_values import piece_values
from streams.profile.touch_fold import total
from tests.streams.profile.folding import LATE_DAYS, fold, pieces_by_definition, pieces_in
from tests.streams.touches import (
    DAY_MS,
    START_MS,
    assert_same,
    summary_of,
    touch,
    touches,
)


@given(touches(days=9, most=40), st.integers(1, 3), st.randoms(use_true_random=False))
def test_closed_days_do_not_change(some: list[Touch], late_days: int, chance: Random) -> None:
    """The total is that of the touches in time and of the uncapped late ones."""
    chance.shuffle(some)
    local, late = fold(some, late_days, chance)
    newest_day = START_MS // DAY_MS
    expected_late = []
    for each in some:
        newest_day = max(newest_day, each.occurred_at_ms // DAY_MS)
        if each.occurred_at_ms // DAY_MS < newest_day - late_days and not each.bot:
            expected_late.append(each)
    assert late == expected_late
    in_time = [each for each in some if each not in late]
    counted = [each for each in some if each not in late or not each.cap]
    expected = summary_of(some)
    expected.pos, expected.neg = summary_of(counted).pos, summary_of(counted).neg
    assert_same(total(local), expected)
    open_touches = [each for each in in_time if each.occurred_at_ms // DAY_MS >= newest_day - late_days]
    assert pieces_in(local, some) == pieces_by_definition(open_touches)


def test_a_day_closes_when_a_touch_is_more_than_late_days_after_it() -> None:
    capped = {"cap": 1, "cap_value": "one"}
    first = touch(START_MS + 10, "b", **capped)
    edge = touch(START_MS + LATE_DAYS * DAY_MS + DAY_MS - 1, "c")
    earlier = touch(START_MS + 5, "a", weight=3.0, **capped)
    local, late = fold([first, edge, earlier])
    assert not late
    assert_same(total(local), summary_of([edge, earlier, touch(START_MS + 10, "b", weight=0.0)]))
    past = touch(START_MS + (LATE_DAYS + 1) * DAY_MS, "c")
    local, late = fold([first, past, earlier])
    assert late == [earlier]
    assert piece_values(local, START_MS // DAY_MS) == ([], [], [], [], [], [])


def test_an_uncapped_weight_counts_however_late_it_arrives() -> None:
    local, late = fold([touch(START_MS + 99 * DAY_MS, "b"), touch(START_MS, "a", weight=1e6)])
    assert [each.event_id for each in late] == ["a"]
    assert_same(total(local), summary_of([touch(START_MS + 99 * DAY_MS, "b"), touch(START_MS, "a", weight=1e6)]))
