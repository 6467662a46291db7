"""Identity under fire: the product's functions in a hostile world, compared with an oracle that knows no order.

A failing seed is run again with `failure_of(seed, mode, PRODUCT, Counter())`.
"""

from collections import Counter

from tests.killed import assert_killed
from tests.scale import scaled
from tests.streams.identity.checks import failures
from tests.streams.identity.mutants import KILLING_SEEDS, MUTANTS, PRODUCT
from tests.tables import table

SCENARIOS = scaled(1_500)  # a longer run: any number


def test_nothing_is_lost_twice_or_misplaced() -> None:
    stats: Counter[str] = Counter()
    assert failures(PRODUCT, range(SCENARIOS), stats) == []
    assert stats["crash"] > SCENARIOS
    assert stats["zombie step"] > SCENARIOS


@table("rule", MUTANTS)
def test_no_rule_is_spare(rule: str) -> None:
    assert_killed(rule, KILLING_SEEDS[rule], lambda seeds: failures(MUTANTS[rule], seeds, Counter(), stop_after=1))
