"""One block into one table, as it is: MsgPack frames joined.

Touches come in through `arrivals`, whose views fill `events` and the rollups, under a token that lets a repetition
pass. The rows of the other tables carry the offset that says which of them is newest: a repetition changes nothing.
"""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from schemas.columns import QUARANTINE, TABLES
from sinks.clickhouse.client import Client

COLUMNS: Final = {
    name: tuple(column.name for column in columns) for name, columns in {**TABLES, "quarantine": QUARANTINE}.items()
}
# A block's rows may be of many years, each a partition of `events`; and 0 stands for no limit.
_SETTINGS: Final[dict[str, object]] = {
    "async_insert": 0,
    "insert_deduplicate": 0,
    "max_partitions_per_insert_block": 0,
}
_ONCE: Final[dict[str, object]] = {
    **_SETTINGS,
    "insert_deduplicate": 1,
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    # Nothing of a block of touches replaces or adds to anything else of it: `events` has a key per touch, and the
    # rollups' views group by the keys of their tables. To look for it takes a quarter of the insert's time.
    "optimize_on_insert": 0,
}


def insert_touches(client: Client, frames: Sequence[bytes], token: str) -> None:
    """Adds rows to `events` and the rollups, once per token. Raises the driver's errors."""
    _insert(client, "arrivals", "events", frames, {**_ONCE, "insert_deduplication_token": token})


def insert_frames(client: Client, table: str, frames: Sequence[bytes]) -> None:
    """Adds the rows of zstd frames to a table as often as it is called; to `events` past the rollups.

    Raises the driver's errors.
    """
    # A killed engine may know what it was sent and not have it (sinks/store/reconciliation.py). Newer engines (26.9)
    # compare blocks
    # whatever `insert_deduplicate` says, unless they bear a token: one that was never used lets them in everywhere.
    _insert(client, table, table, frames, {**_SETTINGS, "insert_deduplication_token": uuid4().hex})


def _insert(client: Client, into: str, table: str, frames: Sequence[bytes], settings: dict[str, object]) -> None:
    client.raw_insert(
        into,
        COLUMNS[table],
        insert_block=b"".join(frames),
        fmt="MsgPack",
        compression="zstd",
        settings=settings,
    )


def try_frame(client: Client, table: str, frame: bytes) -> None:
    """Whether a table would take these rows: puts them into its twin without storage. Raises the driver's errors."""
    _insert(client, f"{table}_trial", table, [frame], {"async_insert": 0})
