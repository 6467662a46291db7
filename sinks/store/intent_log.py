"""The position of the store, kept in ClickHouse beside the rows: an intent is written before each batch.

Why this is exact: an owner of a timeline partition *claims* it (writes a greater epoch), and only then reads the newest
intent. For each batch it writes the intent, then checks that it still owns the partition, then inserts, and later
*settles* the batch: records that every table has it. If an owner has lost the partition, there are two cases. Either
the successor read its intent, and both send the same batch under the same tokens. Or the intent was written after the
successor's claim, and the check fails. A token counts once as long as the tables remember it (10,000 inserts).

A rebuild claims every partition under an owner name that begins with `REBUILD_OWNER`. Such a claim is a lease: while
it is renewed no worker claims the partition, so nothing is stored; it lapses `HOLD_S` after the last renewal
(docs/decisions/018).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sinks.clickhouse.client import Client, quote
from sinks.store.blocks import StoreBatch

_COLUMNS: Final = (
    "log, timeline_partition, epoch, owner, version, first_offset, last_offset, passed_before, passed_after"
)
REBUILD_OWNER: Final = "rebuild/"  # the prefix of a rebuild's owner name
HOLD_S: Final = 30  # a rebuild's claim lapses so long after its last renewal, by ClickHouse's clock
_RELEASED: Final = ""  # the owner of a partition that a rebuild has released


class FencedError(Exception):
    """Another owner has claimed the partition since."""


class BeingRebuiltError(Exception):
    """A rebuild holds the partition, and nothing is stored until it ends; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Intent:
    """The batch that an owner was about to store: timeline offsets `first` to `last`, both included."""

    first: int
    last: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    done: bool  # settled: every table has it


class IntentLog:
    """One owner's claim and intents, for one timeline partition of one Kafka log.

    Calls block, and raise the driver's errors.
    """

    def __init__(self, client: Client, log: str, partition: int, owner: str) -> None:
        self._client = client
        self._log = log
        self._partition = partition
        self._owner = owner
        self._epoch = 0
        self._written: tuple[int, StoreBatch] | None = None  # the last row of this owner

    @property
    def owner(self) -> str:
        """The name under which the partition is claimed."""
        return self._owner

    def claim(self) -> Intent | None:
        """Take the partition from its owner and return the newest intent; None when nothing was ever stored.

        Raises `BeingRebuiltError` while a rebuild holds it.
        """
        newest = self._newest_claim()
        if newest and newest[1].startswith(REBUILD_OWNER) and self._is_renewed(*newest):
            raise BeingRebuiltError(
                f"`touchline rebuild` holds timeline partition {self._partition}; rows are stored again when it ends, "
                f"or {HOLD_S} s after it was killed"
            )
        self._epoch = (newest[0] if newest else 0) + 1
        self._write(0, StoreBatch(self._partition, 0, 0, {}, {}))
        rows = self._rows(
            "first_offset, last_offset, passed_before, passed_after, version",
            "version > 0 ORDER BY epoch DESC, owner DESC, version DESC LIMIT 1",
        )
        if not rows:
            return None
        first, last, before, after, version = rows[0]
        return Intent(first, last, before, after, done=version % 2 == 0)

    def write_intent(self, batch: StoreBatch) -> None:
        """Write the intent of a batch. Must have returned before any row of the batch is sent."""
        self._write(2 * batch.last + 1, batch)

    def settle(self, batch: StoreBatch) -> None:
        """Record that every table has the batch, so that no later owner sends it again."""
        self._write(2 * batch.last + 2, batch)

    def check(self) -> None:
        """Raise `FencedError` if another owner has claimed the partition. Call it between the intent and the rows."""
        newest = self._newest_claim()
        if newest != (self._epoch, self._owner):
            raise FencedError(f"timeline partition {self._partition} was taken over by another worker")

    def renew(self) -> None:
        """Write this owner's last row again with the current time, which keeps a rebuild's claim from lapsing."""
        if self._written is not None:
            self._write(*self._written)

    def release(self) -> None:
        """Release the partition, so that any owner may claim it at once."""
        self._epoch, self._owner = self._epoch + 1, _RELEASED
        self._write(0, StoreBatch(self._partition, 0, 0, {}, {}))

    def _is_renewed(self, epoch: int, owner: str) -> bool:
        fresh = self._rows(
            f"max(written_at) > now64(3) - INTERVAL {HOLD_S} SECOND", f"epoch = {epoch} AND owner = {quote(owner)}"
        )
        return bool(fresh and fresh[0][0])

    def _newest_claim(self) -> tuple[int, str] | None:
        rows = self._rows("epoch, owner", "1 ORDER BY epoch DESC, owner DESC LIMIT 1")
        return (rows[0][0], rows[0][1]) if rows else None

    def _rows(self, columns: str, rest: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._client.query(
            f"SELECT {columns} FROM store_blocks "
            f"WHERE log = {{log:String}} AND timeline_partition = {{partition:UInt16}} AND {rest}",
            parameters={"log": self._log, "partition": self._partition},
        ).result_rows
        return rows

    def _write(self, version: int, batch: StoreBatch) -> None:
        values = (
            f"{quote(self._log)}, {self._partition}, {self._epoch}, {quote(self._owner)}, {version}, "
            f"{batch.first}, {batch.last}, {_map_literal(batch.before)}, {_map_literal(batch.after)}"
        )
        self._client.command(f"INSERT INTO store_blocks ({_COLUMNS}) SETTINGS async_insert = 0 VALUES ({values})")
        self._written = (version, batch)


def known_logs(client: Client) -> list[str]:
    """Return the names of the Kafka logs that this database was filled from."""
    return [
        row[0]
        for row in client.query("SELECT DISTINCT log FROM store_blocks WHERE version > 0 ORDER BY log").result_rows
    ]


def _map_literal(passed: Mapping[str, int]) -> str:
    return "map(" + ", ".join(f"{quote(key)}, {value}" for key, value in sorted(passed.items())) + ")"
