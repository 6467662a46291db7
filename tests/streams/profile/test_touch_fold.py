from collections.abc import Sequence
from functools import reduce
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from schemas.columns import PROFILES, SESSION_PIECES
from schemas.touch import Touch
from streams.engage.row_values import own_values, piece_values, profile_values
from streams.profile.local_state import LocalState
from streams.profile.score import NO_RANK, rank, sum_of
from streams.profile.summary import EMPTY, add
from streams.profile.touch_fold import fold_touch, total
from tests.oracle.sessions import Run, runs_by_day, runs_in
from tests.oracle.stage import as_oracle
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

LATE_DAYS = 35

encode = msgpack.Encoder().encode
decode = msgpack.Decoder(LocalState).decode


def fold(
    some: Sequence[Touch], late_days: int = LATE_DAYS, chance: Random | None = None
) -> tuple[LocalState, list[Touch]]:
    """The identifier these touches make, in that order, and those that were too late; stored now and then."""
    own, late = LocalState(), []
    for each in some:
        before = piece_values(own, each.occurred_at_ms // DAY_MS)
        weight, too_late = fold_touch(own, each, HALF_LIFE_MS, late_days, GAP_MS)
        if too_late:
            late.append(each)
        assert weight == (0.0 if each.bot or (too_late and each.cap) else each.weight)
        assert (piece_values(own, each.occurred_at_ms // DAY_MS) == before) == (each.bot or too_late)
        if chance is not None and chance.random() < 0.3:
            own = decode(encode(own))
    return own, late


def pieces_in(own: LocalState, some: Sequence[Touch]) -> list[Run]:
    days = sorted({each.occurred_at_ms // DAY_MS for each in some})
    return [run for day in days for run in runs_in(piece_values(own, day))]


def pieces_by_definition(some: Sequence[Touch]) -> list[Run]:
    return [run for _, runs in sorted(runs_by_day(map(as_oracle, some), GAP_MS).items()) for run in runs]


@given(touches(), st.randoms(use_true_random=False))
def test_any_order_and_any_batches_give_what_the_set_comes_to(some: list[Touch], chance: Random) -> None:
    chance.shuffle(some)
    own, late = fold(some, chance=chance)
    assert not late
    assert_same(total(own), summary_of(some))
    assert pieces_in(own, some) == pieces_by_definition(some)
    assert encode(own_values(own)) == encode(profile_values(total(own)))
    again = decode(encode(own))
    assert encode(again) == encode(own)  # whole weights, too: floats on the wire, always
    assert encode(total(again)) == encode(total(own))
    assert pieces_in(again, some) == pieces_in(own, some)


@given(touches(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_merging_identifiers_is_adding_them(some: list[Touch], count: int, chance: Random) -> None:
    owners: list[list[Touch]] = [[] for _ in range(count)]
    for each in some:
        owners[chance.randrange(count)].append(each)
    wholes = [total(fold(part)[0]) for part in owners]
    chance.shuffle(wholes)
    assert_same(reduce(add, wholes, EMPTY), reduce(add, map(summary_of, owners), EMPTY))


@given(touches(days=9, most=40), st.integers(1, 3), st.randoms(use_true_random=False))
def test_closed_days_stay_as_they_were(some: list[Touch], late_days: int, chance: Random) -> None:
    """Whatever comes late: the total is that of the touches that had their place, and of uncapped ones."""
    chance.shuffle(some)
    own, late = fold(some, late_days, chance)
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
    assert_same(total(own), expected)
    open_touches = [each for each in in_time if each.occurred_at_ms // DAY_MS >= newest_day - late_days]
    assert pieces_in(own, some) == pieces_by_definition(open_touches)


def test_a_day_closes_when_a_touch_lies_more_than_late_days_after_it() -> None:
    capped = {"cap": 1, "cap_value": "one"}
    first = touch(START_MS + 10, "b", **capped)
    edge = touch(START_MS + LATE_DAYS * DAY_MS + DAY_MS - 1, "c")
    earlier = touch(START_MS + 5, "a", weight=3.0, **capped)
    own, late = fold([first, edge, earlier])
    assert not late
    assert_same(total(own), summary_of([edge, earlier, touch(START_MS + 10, "b", weight=0.0)]))
    past = touch(START_MS + (LATE_DAYS + 1) * DAY_MS, "c")
    own, late = fold([first, past, earlier])
    assert late == [earlier]
    assert piece_values(own, START_MS // DAY_MS) == ([], [], [], [], [], [])


def test_an_uncapped_weight_counts_however_late() -> None:
    own, late = fold([touch(START_MS + 99 * DAY_MS, "b"), touch(START_MS, "a", weight=1e6)])
    assert [each.event_id for each in late] == ["a"]
    assert_same(total(own), summary_of([touch(START_MS + 99 * DAY_MS, "b"), touch(START_MS, "a", weight=1e6)]))


def test_a_bot_is_counted_and_nothing_else() -> None:
    bot = touch(START_MS, "a", bot=True, source="google", traits={"x": "1"}, page="p", cap=1, cap_value="one")
    for some in ([bot], [bot, touch(START_MS + 1, "b", bot=True)]):
        own, _ = fold(some)
        whole = total(own)
        assert (whole.touches, whole.bots) == ({"visits": len(some)}, len(some))
        assert (whole.pos, whole.neg, whole.first, whole.traits) == ({}, {}, None, [])
        assert piece_values(own, START_MS // DAY_MS) == ([], [], [], [], [], [])
    seen = touch(START_MS, "a", source="google", traits={"x": "1"}, page="p", cap=1, cap_value="one")
    assert len(encode(fold([bot])[0])) < len(encode(fold([seen])[0]))  # no score is stored


def test_nothing_yet() -> None:
    assert total(LocalState()).identifiers == 1
    assert total(LocalState()).touches == {}
    assert piece_values(LocalState(), 1) == ([], [], [], [], [], [])
    assert decode(encode(LocalState())) == LocalState()


def test_a_total_does_not_change_when_more_is_folded() -> None:
    some = [
        touch(START_MS + n, str(n), source="s", traits={"x": str(n)}, cap=n % 2 * 9, cap_value="c") for n in range(9)
    ]
    own = fold(some[:4])[0]
    before = total(own)
    encoded = encode(before)
    for each in some[4:]:
        fold_touch(own, each, HALF_LIFE_MS, LATE_DAYS, GAP_MS)
    assert encode(before) == encoded != encode(total(own))


def test_the_row_of_a_profile() -> None:
    country = {"$country": "DE", "$device": "mobile", "name": "Bob"}
    some = [
        touch(START_MS, "a", source="google", medium="cpc", campaign="x", page="p/1", traits=country, weight=2.0),
        touch(START_MS + 5, "b", channel="calls", source="bing", page="p/2", weight=-1.0, rules_version="v2"),
        touch(START_MS + 3, "c", bot=True),
    ]
    whole = total(fold(some)[0])
    names = [column.name for column in PROFILES[3:-2]]
    assert dict(zip(names, profile_values(whole), strict=True)) == {
        "touches": 3,
        "bots": 1,
        "identifiers": 1,
        "first_seen": START_MS,
        "last_seen": START_MS + 5,
        "touches_by": {"calls": 1, "visits": 2},
        "rank_pos": rank(whole.pos["visits"]),
        "rank_neg": rank(whole.neg["calls"]),
        "rank_pos_by": {"visits": rank(whole.pos["visits"])},
        "rank_neg_by": {"calls": rank(whole.neg["calls"])},
        "first_source": "google",
        "first_medium": "cpc",
        "first_campaign": "x",
        "first_page": "p/1",
        "last_source": "bing",
        "last_medium": "",
        "last_campaign": "",
        "last_page": "p/2",
        "traits": {"name": "Bob"},
        "country": "DE",
        "device": "mobile",
        "rules_version": "v2",
    }


def test_the_row_of_a_profile_of_which_nothing_is_known() -> None:
    empty = {column.name: column.empty for column in PROFILES[3:-2]}
    assert dict(zip(empty, profile_values(total(LocalState())), strict=True)) == empty
    assert rank(sum_of({})) == NO_RANK


def test_the_row_of_a_day_has_the_columns_of_its_table() -> None:
    own, _ = fold([touch(START_MS, "a", page="p"), touch(START_MS + GAP_MS + 1, "b", source="s")])
    names = [column.name for column in SESSION_PIECES[3:-2]]
    assert dict(zip(names, piece_values(own, START_MS // DAY_MS), strict=True)) == {
        "firsts": [START_MS, START_MS + GAP_MS + 1],
        "lasts": [START_MS, START_MS + GAP_MS + 1],
        "touches": [1, 1],
        "entry_ids": ["a", "b"],
        "landing_pages": ["p", ""],
        "sources": ["", "s"],
    }


@pytest.mark.parametrize("cap", [0, 20])
def test_the_state_of_one_touch_is_small(cap: int) -> None:
    one = touch(
        START_MS,
        "0191d3a4-6f0a-7c3e-9d55-0b6f2f6f9a11",
        page="www.example.org/pricing/teams",
        source="google",
        medium="organic",
        cap=cap,
        cap_value="page_view" if cap else "",
        traits={"$country": "DE", "$device": "desktop"},
        rules_version="0fa04255aea3",
    )
    assert len(encode(fold([one])[0])) < 200


@given(touches(most=12))
def test_what_counts_never_depends_on_who_comes_first(some: list[Touch]) -> None:
    """Backwards and forwards, the worst cases of order."""
    forwards, _ = fold(sorted(some, key=order))
    backwards, _ = fold(sorted(some, key=order, reverse=True))
    assert_same(total(forwards), total(backwards))
    weighty = [each for each in counting(some) if each.weight]
    assert bool(total(forwards).pos or total(forwards).neg) == bool(weighty)
