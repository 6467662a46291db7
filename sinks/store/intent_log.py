"""Where the store stands, kept in ClickHouse beside the rows: an intent is written before each block.

Why this is exact. An owner of a timeline partition *claims* it (a greater epoch), and only then reads the newest
intent. For each block it writes the intent, then asks whether it still owns the partition, then inserts. So of an
owner that lost the partition either the intent was there when the successor read it, and both send the same block
under the same tokens; or it was not, and then the question comes after the claim and the answer is no. Tokens count
once as long as the tables remember them (10,000 inserts).

A rebuild claims every partition as `HOLDER`. Such a claim is a lease: while it is renewed no worker claims the
partition, so no block is stored; `HOLD_S` after the last renewal it has lapsed (docs/decisions/018).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sinks.clickhouse.client import Client, quote
from sinks.store.blocks import Block

_COLUMNS: Final = (
    "log, timeline_partition, epoch, owner, version, first_offset, last_offset, passed_before, passed_after"
)
HOLDER: Final = "rebuild/"  # how the owner's name of a rebuild begins
HOLD_S: Final = 30  # after its last renewal a rebuild's claim has lapsed, by ClickHouse's clock
_RELEASED: Final = ""  # the owner of a partition that a rebuild has given back


class Fenced(Exception):
    """Somebody else has claimed the partition since."""


class BeingRebuilt(Exception):
    """A rebuild holds the partition: nothing is stored until it has ended. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Intent:
    """The block somebody was about to store: timeline offsets `first` to `last`, both included."""

    first: int
    last: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    done: bool  # every table has it, for certain


class Positions:
    """One owner's claim on one timeline partition of one Kafka log. Blocking calls; they raise the driver's errors."""

    def __init__(self, client: Client, log: str, partition: int, owner: str) -> None:
        self._client = client
        self._log = log
        self._partition = partition
        self._owner = owner
        self._epoch = 0
        self._written: tuple[int, Block] | None = None  # by this owner, last

    @property
    def owner(self) -> str:
        """Who claims."""
        return self._owner

    def claim(self) -> Intent | None:
        """Takes the partition from its owner, then reads the newest intent; None: nothing was ever stored.

        Raises `BeingRebuilt` while a rebuild holds it.
        """
        newest = self._newest_claim()
        if newest and newest[1].startswith(HOLDER) and self._is_renewed(*newest):
            raise BeingRebuilt(
                f"`touchline rebuild` holds timeline partition {self._partition}; rows are stored again when it ends, "
                f"or {HOLD_S} s after it was killed"
            )
        self._epoch = (newest[0] if newest else 0) + 1
        self._write(0, Block(self._partition, 0, 0, {}, {}))
        rows = self._rows(
            "first_offset, last_offset, passed_before, passed_after, version",
            "version > 0 ORDER BY epoch DESC, owner DESC, version DESC LIMIT 1",
        )
        if not rows:
            return None
        first, last, before, after, version = rows[0]
        return Intent(first, last, before, after, done=version % 2 == 0)

    def intend(self, block: Block) -> None:
        """To be called, and to have returned, before any row of the block is sent."""
        self._write(2 * block.last + 1, block)

    def settle(self, block: Block) -> None:
        """Every table has the block: it need not be sent again, however late somebody asks."""
        self._write(2 * block.last + 2, block)

    def check(self) -> None:
        """To be called between the intent and the rows. Raises `Fenced`."""
        newest = self._newest_claim()
        if newest != (self._epoch, self._owner):
            raise Fenced(f"timeline partition {self._partition} was taken over by another worker")

    def renew(self) -> None:
        """Writes this owner's last row once more, with the time of now: a rebuild's claim lapses without it."""
        if self._written is not None:
            self._write(*self._written)

    def release(self) -> None:
        """Gives the partition back: any owner may claim it at once."""
        self._epoch, self._owner = self._epoch + 1, _RELEASED
        self._write(0, Block(self._partition, 0, 0, {}, {}))

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

    def _write(self, version: int, block: Block) -> None:
        values = (
            f"{quote(self._log)}, {self._partition}, {self._epoch}, {quote(self._owner)}, {version}, "
            f"{block.first}, {block.last}, {_map_literal(block.before)}, {_map_literal(block.after)}"
        )
        self._client.command(f"INSERT INTO store_blocks ({_COLUMNS}) SETTINGS async_insert = 0 VALUES ({values})")
        self._written = (version, block)


def known_logs(client: Client) -> list[str]:
    """The Kafka logs this database was filled from."""
    return [
        row[0]
        for row in client.query("SELECT DISTINCT log FROM store_blocks WHERE version > 0 ORDER BY log").result_rows
    ]


def _map_literal(passed: Mapping[str, int]) -> str:
    return "map(" + ", ".join(f"{quote(key)}, {value}" for key, value in sorted(passed.items())) + ")"
