"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 180.0  # a wait of half a minute on a busy machine must not fail on a slower one
POLL_S = 0.1
T = TypeVar("T")


def wait_for(
    condition: Callable[[], T], what: str, patience_s: float = PATIENCE_S, describe: Callable[[], str] = str
) -> T:
    """Return the condition's value once it is true. Raises AssertionError with `describe()` after `patience_s`."""
    deadline_s = time.monotonic() + patience_s
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline_s, f"waited {patience_s:g} s in vain for {what}{describe()}"
        time.sleep(POLL_S)
