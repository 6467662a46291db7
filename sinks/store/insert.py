"""Inserts of compressed rows into one table.

Touches are inserted into `incoming`, whose views fill `events` and the rollups, under a deduplication token: ClickHouse
skips a repeated insert. The rows of other tables carry the offset that is their version: a repeated insert changes
nothing.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from uuid import uuid4

from schemas.blocks import compress_rows
from schemas.column import LABEL, TEXT, Column
from schemas.columns import QUARANTINE, TABLES
from schemas.row_binary import encode_text, encode_texts
from sinks.clickhouse.client import Client

COLUMNS: Final = {
    name: tuple(column.name for column in columns) for name, columns in {**TABLES, "quarantine": QUARANTINE}.items()
}
_FORMAT: Final = "RowBinaryWithNamesAndTypes"
_HEADERS: Final = 64
# The rows of a batch may be of many years, each a partition of `events`; 0 means no limit.
_SETTINGS: Final[dict[str, object]] = {
    "async_insert": 0,
    "insert_deduplicate": 0,
    "max_partitions_per_insert_block": 0,
    # Rows of one insert are not looked through for those that replace or add to each other, which takes up to a quarter
    # of its time: readers expect several rows of a key anyway, since each insert is a part of its own until a merge.
    "optimize_on_insert": 0,
}
UNDEDUPLICATED: Final = "SETTINGS " + ", ".join(f"{name} = {value}" for name, value in _SETTINGS.items())
_ONCE: Final[dict[str, object]] = {
    **_SETTINGS,
    "insert_deduplicate": 1,
    "deduplicate_blocks_in_dependent_materialized_views": 1,
}


def insert_touches(client: Client, frames: Sequence[bytes], token: str) -> None:
    """Insert touches into `events` and the rollups, once per token. Raises the driver's errors."""
    _insert(client, "incoming", plain(TABLES["events"]), frames, {**_ONCE, "insert_deduplication_token": token})


def insert_frames(client: Client, table: str, frames: Sequence[bytes], columns: Sequence[Column] = ()) -> None:
    """Insert the rows of zstd frames into a table without deduplication; into `events` without its rollups.

    `columns` are those of the rows, by default all of the table. Raises the driver's errors.
    """
    # A killed engine may remember an insert without having its rows (sinks/store/reconciliation.py). Engines from 26.9
    # on compare inserts whatever `insert_deduplicate` says, unless they have a token: a new token is never skipped.
    settings = {**_SETTINGS, "insert_deduplication_token": uuid4().hex}
    _insert(client, table, columns or _columns_of(table), frames, settings)


def _insert(
    client: Client, table: str, columns: Sequence[Column], frames: Sequence[bytes], settings: dict[str, object]
) -> None:
    names, types = tuple(column.name for column in columns), tuple(column.type for column in columns)
    client.raw_insert(
        table,
        names,
        insert_block=b"".join((encode_header(names, types), *frames)),
        fmt=_FORMAT,
        compression="zstd",
        settings=settings,
    )


def insert_trial(client: Client, table: str, frame: bytes) -> None:
    """Insert rows into the trial table, which stores nothing. Raises the driver's error if the table refuses them."""
    _insert(client, f"{table}_trial", _columns_of(table), [frame], {"async_insert": 0})


def plain(columns: Iterable[Column]) -> list[Column]:
    """Return the columns as `incoming` has them: with plain texts."""
    return [column._replace(type=column.type.replace(LABEL, TEXT)) for column in columns]


def _columns_of(table: str) -> Sequence[Column]:
    return QUARANTINE if table == "quarantine" else TABLES[table]


@lru_cache(_HEADERS)
def encode_header(names: tuple[str, ...], types: tuple[str, ...]) -> bytes:
    """Return the frame in front of the rows.

    Rows say nothing of themselves: if a person has changed a column of the table, its bytes would be read as another
    type. ClickHouse compares these names and types with those of the table and refuses the insert.
    """
    return compress_rows([encode_texts(names), *map(encode_text, types)])
