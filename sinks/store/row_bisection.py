"""Finds the rows at fault in a refused insert by bisection, against a trial table that stores nothing.

Nothing is stored meanwhile, so the good rows are still inserted at once under the token of their batch, and a crash at
any moment repeats the same steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import zstandard
from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.blocks import compress_rows, decompress_rows
from schemas.columns import TABLES
from schemas.row_binary import encode_values
from schemas.row_reader import RowReader
from sinks.clickhouse.client import Client
from sinks.clickhouse.errors import ErrorKind, classify, describe_error
from sinks.store.blocks import TableBlock
from sinks.store.insert import insert_trial

_TRIES: Final = 3  # of an insert that fails with an unclassified code


class TableFaultError(Exception):
    """The table refuses even an empty row, or rows that its trial table accepts: no row may be set aside for that."""


@dataclass(frozen=True, slots=True)
class BadRows:
    """The refused rows of one timeline record, joined; its whole frame when that cannot be split into rows."""

    table: str
    timeline_offset: int
    received_at_ms: int  # the oldest arrival of that record
    count: int
    data: bytes
    why: str


@dataclass(slots=True)
class Bisection:
    """Frames of the good rows, and the bad rows."""

    frames: list[bytes] = field(default_factory=list)
    bad: list[BadRows] = field(default_factory=list)


def find_bad_rows(client: Client, table: str, blocks: Sequence[TableBlock]) -> Bisection:
    """Separate the rows that the table refuses from the others.

    Raises `TableFaultError`, and the driver's errors when ClickHouse cannot answer.
    """
    try:
        _try_empty(client, table)
    except ClickHouseError as error:
        if classify(error) is ErrorKind.RETRY:
            raise
        why = f"table '{table}' refuses even an empty row, run `touchline migrate`: {describe_error(error)}"
        raise TableFaultError(why) from error
    found = Bisection()
    for block in blocks:
        _bisect_block(client, table, block, found)
    if not found.bad:
        raise TableFaultError(
            f"table '{table}' refuses rows of which each is accepted by its trial table '{table}_trial'"
        )
    return found


def _bisect_block(client: Client, table: str, block: TableBlock, found: Bisection) -> None:
    def refuse(count: int, data: bytes, why: str) -> None:
        found.bad.append(BadRows(table, block.timeline_offset, block.header.received_at_ms, count, data, why))

    try:
        rows = [row.data for row in RowReader(TABLES[table]).rows(decompress_rows(block.frame))]
        if not rows:
            raise ValueError("it is empty")
    except (ValueError, zstandard.ZstdError) as error:
        refuse(block.header.rows, block.frame, f"the block holds no rows: {error}")
        return
    bad = _bad_rows(client, table, rows)
    if not bad:
        found.frames.append(block.frame)
        return
    good = [row for index, row in enumerate(rows) if index not in bad]
    if good:
        found.frames.append(compress_rows(good))
    refuse(len(bad), b"".join(rows[index] for index in sorted(bad)), bad[min(bad)])


def _bad_rows(client: Client, table: str, rows: Sequence[bytes]) -> dict[int, str]:
    """Return the reason by index of each bad row."""
    bad: dict[int, str] = {}
    pending = [(0, len(rows))]
    while pending:
        start, end = pending.pop()
        why = _refusal(client, table, rows[start:end])
        if why is None:
            continue
        if end - start == 1:
            bad[start] = why
        else:
            middle = (start + end) // 2
            pending += [(start, middle), (middle, end)]
    return bad


def _refusal(client: Client, table: str, rows: Sequence[bytes]) -> str | None:
    """Return why the table refuses these rows; None when it accepts them.

    An unclassified error may be transient: it counts if it is repeated and an empty row is accepted right after it.
    """
    frame, why = compress_rows(rows), ""
    for _ in range(_TRIES):
        try:
            insert_trial(client, table, frame)
        except ClickHouseError as error:
            why, verdict = describe_error(error), classify(error)
            if verdict is ErrorKind.RETRY:
                raise
            if verdict is ErrorKind.CONTENT:
                return why
        else:
            return None
    _try_empty(client, table)
    return why


def _try_empty(client: Client, table: str) -> None:
    columns = TABLES[table]
    row = encode_values(columns, [column.empty for column in columns])
    insert_trial(client, table, compress_rows([row]))
