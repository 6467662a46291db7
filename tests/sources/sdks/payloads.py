"""Payloads for the tests of adapters: any JSON, and a client."""

from typing import Final

from hypothesis import strategies as st

from sources.collected import Collected
from sources.sdks.client import Client
from sources.sdks.outcome import Outcome

NOW_MS: Final = 1_796_100_000_000
SERVER: Final = Client(ip="192.0.2.10", user_agent="python-requests/2.34", is_browser=False, received_at_ms=NOW_MS)
BROWSER: Final = Client(ip="198.51.100.7", user_agent="Mozilla/5.0", is_browser=True, received_at_ms=NOW_MS)

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON: Final[st.SearchStrategy[object]] = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
JSON_OBJECTS: Final[st.SearchStrategy[dict[str, object]]] = st.dictionaries(st.text(max_size=8), JSON, max_size=4)


def objects_with(**members: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Return a strategy of objects that have any of these members, each with a likely value or with any JSON."""
    return st.fixed_dictionaries({}, optional={name: values | JSON for name, values in members.items()})


def only(outcomes: list[Outcome]) -> Collected:
    """Return the single outcome, which has to be a touch."""
    (outcome,) = outcomes
    assert isinstance(outcome, Collected), outcome
    return outcome
