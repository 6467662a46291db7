"""Weights of touches, of all times and of a few days."""

import pytest

from dashboards.answers.identities import identifiers_of
from dashboards.answers.scope import Scope
from dashboards.answers.weighing import Part, weigh
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS, START_MS

MAIN = Scope()
BUSY = "customer_id:c1"


@pytest.fixture(scope="module")
def identifiers(lived: Client) -> list[str]:
    return identifiers_of(lived, MAIN, BUSY)


def by_time(parts: tuple[Part, ...]) -> list[Part]:
    return sorted(parts, key=lambda one: (one.occurred_ms, one.event_id, one.folded_into, one.fate))


def test_touches_of_some_days_are_weighed_as_among_all(lived: Client, identifiers: list[str]) -> None:
    between = START_MS + 76 * DAY_MS + 5, START_MS + 78 * DAY_MS
    all_times = weigh(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, between=between)
    few = weigh(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, among=between, between=between)
    assert by_time(few.between) == by_time(all_times.between)
    assert len(few.between) > 30
    assert {one.fate for one in few.between} >= {"counted", "capped"}
    assert sum(one.touches for one in few.rules) < sum(one.touches for one in all_times.rules)


def test_sums_of_rules_have_their_times(lived: Client, identifiers: list[str]) -> None:
    found = weigh(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=100_000)
    assert found.between == ()
    for one in found.rules:
        mine = [
            part for part in found.most if (part.channel, part.rule, part.fate) == (one.channel, one.rule, one.fate)
        ]
        times = [part.occurred_ms for part in mine]
        assert (one.touches, one.first_ms, one.last_ms) == (len(mine), min(times), max(times))
        assert one.cap == max(part.cap for part in mine)
