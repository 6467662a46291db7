"""Where the store stands, kept in ClickHouse beside the rows: an intent is written before each block.

Why this is exact. An owner of a timeline partition *claims* it (a greater epoch), and only then reads the newest
intent. For each block it writes the intent, then asks whether it still owns the partition, then inserts. So of an
owner that lost the partition either the intent was there when the successor read it, and both send the same block
under the same tokens; or it was not, and then the question comes after the claim and the answer is no. Tokens count
once as long as the tables remember them (10,000 inserts).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sinks.blocks import Block
from sinks.clickhouse import Client, quote

_COLUMNS: Final = (
    "log, timeline_partition, epoch, owner, version, first_offset, last_offset, passed_before, passed_after"
)


class Fenced(Exception):
    """Somebody else has claimed the partition since."""


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

    def claim(self) -> Intent | None:
        """Takes the partition from whoever had it, then reads the newest intent; None: nothing was ever stored."""
        newest = self._newest_claim()
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


def known_logs(client: Client) -> list[str]:
    """The Kafka logs this database was filled from."""
    return [
        row[0]
        for row in client.query("SELECT DISTINCT log FROM store_blocks WHERE version > 0 ORDER BY log").result_rows
    ]


def _map_literal(passed: Mapping[str, int]) -> str:
    return "map(" + ", ".join(f"{quote(key)}, {value}" for key, value in sorted(passed.items())) + ")"
