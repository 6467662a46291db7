"""Samples of a channel for the tests. Each channel has a module here with its SAMPLES: `tests.channels.<name>`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from schemas.rejected import Reason

Message = dict[str, Any]
Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Samples:
    """Messages of one channel and their expected results."""

    least: Message
    """Only the required fields."""
    full: Message
    """Every field of the channel itself, as the fast path reads it."""
    invalid: Sequence[tuple[Reason, str, Sequence[Any]]] = ()
    """Values that are refused: (reason, field, values)."""
    fast: Sequence[Message] = ()
    """Changes to `least` that the fast path reads."""
    reference: Sequence[Message] = ()
    """Changes to `least` that are valid and left to the reference path."""
    values: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    """Values that a field mostly has."""
    identifier: str = "customer_id"
    """Namespace that most of its messages are identified by."""
    make: Callable[[Random], Message] | None = None
    """Return a message of the load for chaos: its type and own fields."""
    columns: Callable[[Message], Columns] = dict
    """Return the columns of a message that `make` made: its fields as they are, unless they need another form."""
    natural_id: Callable[[Message, int], str] = lambda message, occurred_at_ms: ""
    """Return what the id of a message without event id is derived from, after docs/contract.md; '' for its place."""
