"""A store continues from its position if the log still has it and was read lately, else from the start."""

import time

import pytest

from streams.state.memory import MemoryStore
from streams.state.store import TRUSTED_S, continue_from


@pytest.mark.parametrize(
    ("position", "end", "unread_s", "begins", "kept"),
    [
        (10, 20, 0.0, 10, True),
        (10, 20, TRUSTED_S - 60, 10, True),
        (10, 20, TRUSTED_S + 60, 0, False),  # a deletion may be gone from the log
        (10, 10, TRUSTED_S + 60, 10, True),  # no new records
        (10, 9, 0.0, 0, False),  # another log
        (10, -1, 0.0, 0, False),  # the log has lost the position
        (10, 20, -3600.0, 0, False),  # the clock was set back
        (0, 20, 0.0, 0, True),
    ],
)
def test_the_offset_to_continue_from(position: int, end: int, unread_s: float, begins: int, kept: bool) -> None:
    store = MemoryStore(None)
    store.apply({b"a": b"1"}, None, position)
    store.as_of_s = time.time() - unread_s
    assert continue_from(store, end) == begins
    assert dict(store.view) == ({b"a": b"1"} if kept else {})
