"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 180.0  # what takes half a minute on a busy machine must not fail on a slower one
POLL_S = 0.1
T = TypeVar("T")


def wait_for(
    condition: Callable[[], T], what: str, patience_s: float = PATIENCE_S, describe: Callable[[], str] = str
) -> T:
    """What the condition returns, once it is true; an assertion fails when patience ends, and says how things are."""
    deadline_s = time.monotonic() + patience_s
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline_s, f"waited {patience_s:g} s in vain for {what}{describe()}"
        time.sleep(POLL_S)
