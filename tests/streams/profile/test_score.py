"""Scores with forward decay: exact, independent of order, and additive."""

from decimal import Decimal, localcontext
from functools import reduce
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.columns import NO_RANK
from schemas.time import DAY_MS
from streams.profile.score import NOTHING, Component, add, add_maps, contribution, rank, sum_of
from tests.streams.profile.scoring import score_at

HOUR_MS = 3_600_000
WEEK_MS = 7 * DAY_MS
END_MS = 9_214_646_400_000  # 2262-01-01

half_lives = st.integers(HOUR_MS, 3650 * DAY_MS)
times = st.integers(-30 * 365 * DAY_MS, END_MS)
weights = st.floats(1e-3, 1e6)
touches = st.lists(st.tuples(weights, times), max_size=40)


def whole(events: list[tuple[float, int]], half_life_ms: int) -> Component:
    return reduce(add, (contribution(weight, t_ms, half_life_ms) for weight, t_ms in events), NOTHING)


def exact(events: list[tuple[float, int]], at_ms: int, half_life_ms: int) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        context.Emin, context.Emax = -(10**9), 10**9
        return sum(
            (Decimal(weight) * Decimal(2) ** (Decimal(t_ms - at_ms) / half_life_ms) for weight, t_ms in events),
            Decimal(0),
        )


def same(a: Component, b: Component) -> bool:
    return a.m == b.m == 0 or (a.e == b.e and a.m == pytest.approx(b.m, rel=1e-12))


@pytest.mark.parametrize(
    ("weight", "at_ms", "expected"),
    [
        (8.0, 0, 8.0),
        (8.0, WEEK_MS, 4.0),
        (8.0, 2 * WEEK_MS, 2.0),
        (8.0, -WEEK_MS, 16.0),
        (0.0, 0, 0.0),
    ],
)
def test_one_touch_halves_every_half_life(weight: float, at_ms: int, expected: float) -> None:
    assert score_at(contribution(weight, 0, WEEK_MS), NOTHING, at_ms, WEEK_MS) == expected


def test_a_sum_of_zero_ranks_below_every_other_and_zero_weights_add_nothing() -> None:
    assert rank(NOTHING) == NO_RANK
    oldest = contribution(1e-9, -100 * 365 * DAY_MS, HOUR_MS)
    assert rank(add(contribution(0.0, END_MS, HOUR_MS), oldest)) == rank(oldest) > NO_RANK


def test_equal_positive_and_negative_sums_cancel() -> None:
    component = contribution(5.0, 123_456_789, WEEK_MS)
    assert score_at(component, component, 987_654_321, WEEK_MS) == 0.0
    assert score_at(NOTHING, component, 123_456_789, WEEK_MS) == pytest.approx(-5.0, rel=1e-12)


def test_maps_are_added_by_name_and_not_changed() -> None:
    one, two = {"visits": Component(3, 1.0)}, {"visits": Component(3, 0.5), "calls": Component(1, 1.0)}
    assert add_maps(one, two) == {"visits": Component(3, 1.5), "calls": Component(1, 1.0)}
    assert one == {"visits": Component(3, 1.0)}
    assert sum_of(add_maps(one, two)) == Component(3, 1.75)
    assert sum_of({}) == NOTHING


@given(touches, half_lives, st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_order(events: list[tuple[float, int]], half_life_ms: int, chance: Random) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert same(whole(events, half_life_ms), whole(shuffled, half_life_ms))


@given(touches, touches, half_lives)
def test_adding_sums_equals_the_sum_of_all(
    a: list[tuple[float, int]], b: list[tuple[float, int]], half_life_ms: int
) -> None:
    merged = add(whole(a, half_life_ms), whole(b, half_life_ms))
    assert same(merged, whole(a + b, half_life_ms))
    assert merged == add(whole(b, half_life_ms), whole(a, half_life_ms))


@given(touches.filter(bool), half_lives, times)
def test_a_rank_gives_the_score_at_any_time(events: list[tuple[float, int]], half_life_ms: int, at_ms: int) -> None:
    component = whole(events, half_life_ms)
    exponent = rank(component) - at_ms / half_life_ms
    if abs(exponent) < 1000:
        # the rank is one float: its error grows with the number of half-lives since 1970 (for display only)
        assert score_at(component, NOTHING, at_ms, half_life_ms) == pytest.approx(2**exponent, rel=1e-8)


@pytest.mark.parametrize("half_life_ms", [HOUR_MS, 7 * HOUR_MS + 13, WEEK_MS, 3650 * DAY_MS])
def test_a_hundred_thousand_events_equal_the_exact_sum(half_life_ms: int) -> None:
    # times on 512 steps a half-life, so that the exact sum needs few powers; some lie before 1970
    chance = Random(half_life_ms)
    newest = chance.randrange(20)
    spots = [(newest - chance.randrange(60), chance.randrange(512)) for _ in range(100_000)]
    step_ms = half_life_ms // 512
    events = [(chance.uniform(0.001, 100), whole_ * half_life_ms + step * step_ms) for whole_, step in spots]
    at_ms = newest * half_life_ms
    with localcontext() as context:
        context.prec = 60
        powers = [Decimal(2) ** (Decimal(step * step_ms) / half_life_ms) for step in range(512)]
        halves = [Decimal(2) ** -age for age in range(60)]
        truth = sum(
            (
                Decimal(weight) * powers[step] * halves[newest - whole_]
                for (weight, _), (whole_, step) in zip(events, spots, strict=True)
            ),
            Decimal(0),
        )
    found = score_at(whole(events, half_life_ms), NOTHING, at_ms, half_life_ms)
    assert abs(Decimal(found) / truth - 1) < Decimal("1e-12")


@given(touches.filter(bool), half_lives)
def test_few_events_equal_the_exact_sum(events: list[tuple[float, int]], half_life_ms: int) -> None:
    newest_ms = max(t_ms for _, t_ms in events)
    found = score_at(whole(events, half_life_ms), NOTHING, newest_ms, half_life_ms)
    assert abs(Decimal(found) / exact(events, newest_ms, half_life_ms) - 1) < Decimal("1e-12")
