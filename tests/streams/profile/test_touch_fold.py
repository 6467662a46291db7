"""Fold of touches into a local state: a function of their set, in any order and any batches."""

from functools import reduce
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.touch import Touch
from streams.engage.row_values import local_values, piece_values, profile_values
from streams.profile.local_state import LocalState
from streams.profile.summary import EMPTY, add
from streams.profile.touch_fold import fold_touch, total
from tests.streams.profile.folding import LATE_DAYS, decode, encode, fold, pieces_by_definition, pieces_in
from tests.streams.touches import (
    DAY_MS,
    GAP_MS,
    HALF_LIFE_MS,
    START_MS,
    assert_same,
    counting,
    order,
    summary_of,
    touch,
    touches,
)


@given(touches(), st.randoms(use_true_random=False))
def test_touches_in_any_order_and_batches_give_the_summary_of_their_set(some: list[Touch], chance: Random) -> None:
    chance.shuffle(some)
    local, late = fold(some, chance=chance)
    assert not late
    assert_same(total(local), summary_of(some))
    assert pieces_in(local, some) == pieces_by_definition(some)
    assert encode(local_values(local)) == encode(profile_values(total(local)))
    again = decode(encode(local))
    assert encode(again) == encode(local)  # whole weights, too, are encoded as floats
    assert encode(total(again)) == encode(total(local))
    assert pieces_in(again, some) == pieces_in(local, some)


@given(touches(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_adding_totals_equals_the_sum_of_the_identifiers(some: list[Touch], count: int, chance: Random) -> None:
    owners: list[list[Touch]] = [[] for _ in range(count)]
    for each in some:
        owners[chance.randrange(count)].append(each)
    wholes = [total(fold(part)[0]) for part in owners]
    chance.shuffle(wholes)
    assert_same(reduce(add, wholes, EMPTY), reduce(add, map(summary_of, owners), EMPTY))


def test_a_touch_of_a_bot_changes_counts_only() -> None:
    bot = touch(START_MS, "a", bot=True, source="google", traits={"x": "1"}, page="p", cap=1, cap_value="one")
    for some in ([bot], [bot, touch(START_MS + 1, "b", bot=True)]):
        local, _ = fold(some)
        whole = total(local)
        assert (whole.touches, whole.bots) == ({"visits": len(some)}, len(some))
        assert (whole.pos, whole.neg, whole.first, whole.traits) == ({}, {}, None, [])
        assert piece_values(local, START_MS // DAY_MS) == ([], [], [], [], [], [])
    seen = touch(START_MS, "a", source="google", traits={"x": "1"}, page="p", cap=1, cap_value="one")
    assert len(encode(fold([bot])[0])) < len(encode(fold([seen])[0]))  # no score is stored


def test_an_empty_local_state() -> None:
    assert total(LocalState()).identifiers == 1
    assert total(LocalState()).touches == {}
    assert piece_values(LocalState(), 1) == ([], [], [], [], [], [])
    assert decode(encode(LocalState())) == LocalState()


def test_a_total_does_not_change_when_more_is_folded() -> None:
    some = [
        touch(START_MS + n, str(n), source="s", traits={"x": str(n)}, cap=n % 2 * 9, cap_value="c") for n in range(9)
    ]
    local = fold(some[:4])[0]
    before = total(local)
    encoded = encode(before)
    for each in some[4:]:
        fold_touch(local, each, HALF_LIFE_MS, LATE_DAYS, GAP_MS)
    assert encode(before) == encoded != encode(total(local))


@given(touches(most=12))
def test_what_counts_does_not_depend_on_the_first_touch(some: list[Touch]) -> None:
    """Compare forward and backward order, the extremes."""
    forwards, _ = fold(sorted(some, key=order))
    backwards, _ = fold(sorted(some, key=order, reverse=True))
    assert_same(total(forwards), total(backwards))
    weighty = [each for each in counting(some) if each.weight]
    assert bool(total(forwards).pos or total(forwards).neg) == bool(weighty)
