"""The identity functions under faults, compared with an oracle that does not depend on order.

Reproduce a failing seed with `failure_of(seed, mode, PRODUCT, Counter())`.
"""

from collections import Counter

from tests.killed import assert_killed
from tests.scale import scaled
from tests.streams.identity.checks import failures
from tests.streams.identity.mutants import KILLING_SEEDS, MUTANTS, PRODUCT
from tests.tables import table

SCENARIOS = scaled(1_500)  # raise it for a longer run


def test_nothing_is_lost_counted_twice_or_misplaced() -> None:
    stats: Counter[str] = Counter()
    assert failures(PRODUCT, range(SCENARIOS), stats) == []
    assert stats["crash"] > SCENARIOS
    assert stats["zombie step"] > SCENARIOS


@table("rule", MUTANTS)
def test_identity_without_one_of_its_rules_fails(rule: str) -> None:
    assert_killed(rule, KILLING_SEEDS[rule], lambda seeds: failures(MUTANTS[rule], seeds, Counter(), stop_after=1))
