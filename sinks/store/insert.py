"""Inserts of compressed MsgPack rows into one table.

Touches are inserted into `incoming`, whose views fill `events` and the rollups, under a deduplication token: ClickHouse
skips a repeated insert. The rows of other tables carry the offset that is their version: a repeated insert changes
nothing.
"""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from schemas.columns import QUARANTINE, TABLES
from sinks.clickhouse.client import Client

COLUMNS: Final = {
    name: tuple(column.name for column in columns) for name, columns in {**TABLES, "quarantine": QUARANTINE}.items()
}
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
    _insert(client, "incoming", COLUMNS["events"], frames, {**_ONCE, "insert_deduplication_token": token})


def insert_frames(client: Client, table: str, frames: Sequence[bytes], columns: Sequence[str] | None = None) -> None:
    """Insert the rows of zstd frames into a table without deduplication; into `events` without its rollups.

    `columns` are those of the rows, by default all of the table. Raises the driver's errors.
    """
    # A killed engine may remember an insert without having its rows (sinks/store/reconciliation.py). Engines from 26.9
    # on compare inserts whatever `insert_deduplicate` says, unless they have a token: a new token is never skipped.
    settings = {**_SETTINGS, "insert_deduplication_token": uuid4().hex}
    _insert(client, table, columns or COLUMNS[table], frames, settings)


def _insert(
    client: Client, table: str, columns: Sequence[str], frames: Sequence[bytes], settings: dict[str, object]
) -> None:
    client.raw_insert(
        table,
        columns,
        insert_block=b"".join(frames),
        fmt="MsgPack",
        compression="zstd",
        settings=settings,
    )


def insert_trial(client: Client, table: str, frame: bytes) -> None:
    """Insert rows into the trial table, which stores nothing. Raises the driver's error if the table refuses them."""
    _insert(client, f"{table}_trial", COLUMNS[table], [frame], {"async_insert": 0})
