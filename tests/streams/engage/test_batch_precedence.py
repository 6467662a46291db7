"""Identifiers ranked by an order other than that of this worker's settings."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from schemas.identity_messages import Claim, Link
from schemas.touch import Touch
from streams.identity.ties import parent_of
from streams.profile.identifier_state import total_of
from tests.streams.engage.folding import CRM, EMAIL, fold, roots_of, states
from tests.streams.engage.stage_checks import states_of
from tests.streams.engage.stage_scenarios import START_MS, make_touch, scenario
from tests.streams.engage.stage_world import World


@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_touches_with_identifiers_in_any_order_make_the_same_ties(seed: int, r: Random) -> None:
    ranked = [each for each in scenario(seed, "plain", trouble=False).feed if isinstance(each, Touch)]
    ranked = [structs.replace(each, event_id=str(number)) for number, each in enumerate(ranked)]
    mixed = [structs.replace(each, ids=tuple(r.sample(each.ids, len(each.ids)))) for each in ranked]
    worlds = [World(scenario(3, "plain")._replace(feed=feed, partitions=2, trouble=False)) for feed in (ranked, mixed)]
    for world in worlds:
        world.run()
    right, found = map(states_of, worlds)
    assert [parent_of(found[key].known_ties) for key in right] == [parent_of(right[key].known_ties) for key in right]
    counted = [sum(sum(whole.touches.values()) for whole in roots_of(world).values()) for world in worlds]
    assert counted == [sum(1 for each in ranked if each.ids)] * 2


def test_a_touch_ranked_by_another_order_counts_in_its_partition_and_the_strongest_identifier_claims() -> None:
    outcome = fold([make_touch("e", START_MS, ("email:b", "customer_id:7", "phone:1"))])
    assert outcome.messages == [Claim(CRM, (EMAIL, "main|phone:1"), START_MS)]
    assert total_of(states(outcome)[EMAIL]).touches == {"visits": 1}
    assert outcome.reranked == 1
    assert fold([outcome.messages[0]]).messages == [
        Link(EMAIL, CRM, 10, START_MS),
        Link("main|phone:1", CRM, 10, START_MS),
    ]


@pytest.mark.parametrize(
    ("record", "detail"),
    [
        (Link(CRM, EMAIL, 5, START_MS), "main|email:b cannot claim main|customer_id:7"),
        (Link(EMAIL, "main|email:a", 5, START_MS), "main|email:a cannot claim main|email:b"),
        (Claim(EMAIL, ("main|phone:1", CRM), START_MS), "main|email:b cannot claim main|customer_id:7: only"),
        (Claim(EMAIL, ("main|fax:1",), START_MS), "fax is not among TOUCHLINE_IDENTIFIERS"),
    ],
)
def test_a_record_that_ties_against_the_order_is_refused(record: object, detail: str) -> None:
    outcome = fold([record])
    assert (outcome.states, outcome.messages, outcome.unknown_namespaces) == ({}, [], set())
    (refused,) = outcome.refused
    assert detail in refused.detail


@pytest.mark.parametrize(
    ("record", "unknown"),
    [
        (make_touch("e", START_MS, ("email:b", "fax:1")), {"fax"}),
        (make_touch("e", START_MS, ("fax:1", "email:b")), {"fax"}),
        (make_touch("e", START_MS, ("fax:1",)), set()),
        (Link(EMAIL, "main|fax:1", 5, START_MS), {"fax"}),
    ],
)
def test_unknown_namespaces_of_ties_are_reported(record: object, unknown: set[str]) -> None:
    assert fold([record]).unknown_namespaces == unknown
