"""Mutants: a product with one rule taken away must fail in some generated scenario, or the rule would not be needed."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tests.scale import ALL

SEARCHED: Final = 30_000  # seeds, when the known one no longer kills the mutant: two rules are needed that rarely


def assert_killed(rule: str, seed: int, fail: Callable[[Iterable[int]], Sequence[object]]) -> None:
    """Run the scenario of a seed that is known to kill the mutant `rule`; `fail` returns what goes wrong in scenarios.

    Scenarios change when the product or their generator does. The full run then looks for another seed and names it.
    """
    if fail([seed]):
        return
    if not ALL:
        raise AssertionError(f"Seed {seed} no longer kills the mutant {rule!r}: `make test-all` looks for another one.")
    found = fail(range(SEARCHED))
    assert found, f"Nothing goes wrong without the rule {rule!r} in {SEARCHED} scenarios."
    raise AssertionError(f"Seed {seed} no longer kills the mutant {rule!r}; change KILLING_SEEDS to: {found[0]}")
