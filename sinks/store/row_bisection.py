"""Which rows of a refused insert are at fault: tried against a twin of the table that stores nothing.

Nothing is stored while looking, so the good rows still go in with one insert under the block's own token, and a crash
at any moment repeats the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import zstandard
from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.blocks import compress_rows, decompress_rows
from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from sinks.clickhouse.errors import Verdict, judge, say
from sinks.clickhouse.msgpack_rows import split_rows
from sinks.store.blocks import Part
from sinks.store.insert import try_frame

_ASKED: Final = 3  # times, where an answer may mean anything


class SchemaAtFault(Exception):
    """The table refuses even an empty row, or a block without a bad row: no row may be thrown away for that."""


@dataclass(frozen=True, slots=True)
class BadRows:
    """What of one timeline record was refused: its rows joined, or the whole frame when it cannot be read as rows."""

    table: str
    timeline_offset: int
    received_at_ms: int  # the oldest arrival in that record
    count: int
    data: bytes
    why: str


@dataclass(slots=True)
class Sifted:
    """The frames of what is good, and what is not."""

    frames: list[bytes] = field(default_factory=list)
    bad: list[BadRows] = field(default_factory=list)


def sift(client: Client, table: str, parts: Sequence[Part]) -> Sifted:
    """Separates the rows that the table refuses.

    Raises `SchemaAtFault`, and the driver's errors when ClickHouse is in trouble.
    """
    try:
        _try_empty(client, table)
    except ClickHouseError as error:
        if judge(error) is Verdict.RETRY:
            raise
        why = f"table '{table}' refuses even an empty row, run `touchline migrate`: {say(error)}"
        raise SchemaAtFault(why) from error
    found = Sifted()
    for part in parts:
        _sift_part(client, table, part, found)
    if not found.bad:
        raise SchemaAtFault(f"table '{table}' refuses a block of which every row is taken by its twin '{table}_trial'")
    return found


def _sift_part(client: Client, table: str, part: Part, found: Sifted) -> None:
    def refuse(count: int, data: bytes, why: str) -> None:
        found.bad.append(BadRows(table, part.timeline_offset, part.header.received_at_ms, count, data, why))

    try:
        rows = [row.data for row in split_rows(decompress_rows(part.frame), len(TABLES[table]))]
        if not rows:
            raise ValueError("it is empty")
    except (ValueError, zstandard.ZstdError) as error:
        refuse(part.header.rows, part.frame, f"the block holds no rows: {error}")
        return
    bad = _bad_rows(client, table, rows)
    if not bad:
        found.frames.append(part.frame)
        return
    good = [row for index, row in enumerate(rows) if index not in bad]
    if good:
        found.frames.append(compress_rows(good))
    refuse(len(bad), b"".join(rows[index] for index in sorted(bad)), bad[min(bad)])


def _bad_rows(client: Client, table: str, rows: Sequence[bytes]) -> dict[int, str]:
    """Index of each bad row and why, by halving."""
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
    """Why the table does not take these rows. An answer that nobody has classified may be of the moment, not of the
    rows: it counts if it is given again and again, and an empty row is taken right after it."""
    frame, why = compress_rows(rows), ""
    for _ in range(_ASKED):
        try:
            try_frame(client, table, frame)
        except ClickHouseError as error:
            why, verdict = say(error), judge(error)
            if verdict is Verdict.RETRY:
                raise
            if verdict is Verdict.CONTENT:
                return why
        else:
            return None
    _try_empty(client, table)
    return why


def _try_empty(client: Client, table: str) -> None:
    row = b"".join(msgspec.msgpack.encode(column.empty) for column in TABLES[table])
    try_frame(client, table, compress_rows([row]))
