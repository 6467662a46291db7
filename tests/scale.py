"""How much the generated tests generate: everything (`make test-all`), or a quarter of it (`make test`)."""

import os
from typing import Final

ALL: Final = os.environ.get("TOUCHLINE_TEST_ALL", "") == "1"
FAST_SHARE: Final = 4


def scaled(count: int) -> int:
    """Return how many scenarios or examples to run of the `count` that the full run has."""
    return count if ALL else max(1, count // FAST_SHARE)
