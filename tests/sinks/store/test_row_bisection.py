"""A row is blamed for a refused insert only if the error is about rows."""

from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from schemas.blocks import BlockHeader, compress_rows
from sinks.clickhouse.client import Client
from sinks.store.blocks import TableBlock
from sinks.store.row_bisection import find_bad_rows
from tests.sinks.sample_blocks import make_event, refuse

_UNKNOWN = 10_000  # an unclassified code
LIGHT = (
    "toUInt8(if(weight < 9, '1', 'x')) = 1"  # raises an error about content, where a plain condition is unclassified
)


class FlakyClient:
    """A writer whose inserts fail with an unclassified error: `bad` of them, after `good` ones."""

    def __init__(self, client: Client, good: int, bad: int) -> None:
        self._client, self._good, self._bad = client, good, bad

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def raw_insert(self, *given: Any, **named: Any) -> Any:
        self._good -= 1
        if self._good < 0 < self._bad:
            self._bad -= 1
            error = DatabaseError("an unclassified error")
            error.code = _UNKNOWN
            raise error
        return self._client.raw_insert(*given, **named)


def _block() -> TableBlock:
    rows = [make_event("t", 1, 0), make_event("t", 1, 1, weight=9.0), make_event("t", 1, 2)]
    frame = compress_rows(rows)
    return TableBlock(7, BlockHeader("events", 1, 0, 2, 3, 0), frame)


@pytest.mark.parametrize("good", [1, 2, 3, 4])
@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_transient_error_is_not_blamed_on_a_row(client: Client, good: int, bad: int) -> None:
    refuse(client, "events", LIGHT)
    (refused,) = find_bad_rows(FlakyClient(client, good, bad), "events", [_block()]).bad
    assert refused.count == 1


@pytest.mark.parametrize("good", [1, 2, 3, 4])
def test_a_lasting_error_is_not_blamed_on_a_row(client: Client, good: int) -> None:
    refuse(client, "events", LIGHT)
    with pytest.raises(DatabaseError, match="an unclassified error"):
        find_bad_rows(FlakyClient(client, good, 1_000), "events", [_block()])
