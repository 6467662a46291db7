"""A seed determines a round, and every kind of fault has its turn."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.faults import ALL, FAULTS
from tests.chaos.plan import LONGEST_PAUSE_S, draw_standbys, draw_state, draw_static, draw_steps, draw_topology
from tests.chaos.workers import TOPOLOGIES

KINDS = tuple(FAULTS)


@given(st.integers(0, 2**40), st.integers(0, 60))
def test_the_same_seed_draws_the_same_steps(seed: int, count: int) -> None:
    steps = draw_steps(seed, KINDS, count)
    assert steps == draw_steps(seed, KINDS, count)
    assert len(steps) == count
    assert all(0 < step.pause_s <= LONGEST_PAUSE_S for step in steps)


@given(st.integers(0, 2**40), st.integers(1, 3))
def test_each_kind_has_its_turn_before_any_has_two(seed: int, turns: int) -> None:
    kinds = Counter(step.kind for step in draw_steps(seed, KINDS, turns * len(KINDS)))
    assert kinds == dict.fromkeys(KINDS, turns)


@given(st.integers(0, 2**40))
def test_fewer_faults_are_the_first_of_more(seed: int) -> None:
    assert draw_steps(seed, KINDS, 5) == draw_steps(seed, KINDS, 20)[:5]


@pytest.mark.parametrize("name", sorted(TOPOLOGIES))
def test_each_topology_is_drawn(name: str) -> None:
    assert name in {draw_topology(seed, tuple(TOPOLOGIES)) for seed in range(20)}


def test_every_kind_of_membership_standby_and_state_is_drawn() -> None:
    assert {one for seed in range(20) for one in draw_static(seed)} == {True, False}
    assert {draw_standbys(seed) for seed in range(20)} == {0, 1}
    assert {draw_state(seed) for seed in range(20)} == {"memory", "rocksdb"}


def test_calm_is_only_on_request() -> None:
    assert ALL.keys() - FAULTS.keys() == {"calm"}
