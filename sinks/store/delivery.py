"""A block on its way into its tables: one insert each, bad rows set aside, tried again until it is there."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from sinks.clickhouse.client import Client
from sinks.store.blocks import Block, Part, Unreadable
from sinks.store.counters import Counters
from sinks.store.insert import insert_frames, insert_touches
from sinks.store.intent_log import Positions
from sinks.store.quarantine import insert_quarantine, refused_rows
from sinks.store.reconciliation import complete_touches
from sinks.store.retry import Patience, Refused
from sinks.store.row_bisection import BadRows, SchemaAtFault, sift

_CHECK_HOLDS_S: Final = 5.0  # a partition found to be ours is asked about again before rows sent later than this
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lane:
    """One timeline partition as we own it."""

    partition: int
    client: Client
    positions: Positions
    passed: dict[str, int] = field(default_factory=dict)
    next_offset: int = 0
    checked_s: float = float("-inf")
    unsettled: Block | None = None  # complete, and not yet noted as such

    @property
    def name(self) -> str:
        """For people."""
        return f"timeline partition {self.partition}"


@dataclass(slots=True)
class Load:
    """One table's part of a block. `in_doubt`: it was sent before, and nobody knows what became of that."""

    table: str
    parts: list[Part]
    token: str
    in_doubt: bool


class Delivery:
    """Inserts for all lanes of a process. `connect` makes a writer; each lane and the quarantine have their own."""

    def __init__(self, connect: Callable[[], Client], patience: Patience, counters: Counters, log: str) -> None:
        self._connect = connect
        self._patience = patience
        self._counters = counters
        self._log = log
        self._clients: dict[str, Client] = {}

    async def client(self, name: str) -> Client:
        """The writer of a lane, or of the quarantine."""

        def get() -> Client:
            if name not in self._clients:
                self._clients[name] = self._connect()
            return self._clients[name]

        return await self._patience.persist(name, get)

    async def send(self, lane: Lane, block: Block, *, in_doubt: bool = False) -> list[BadRows]:
        """Returns when all rows are in their tables, or set aside (those are returned). Raises `Fenced`.

        `in_doubt`: somebody may have begun to send the block before.
        """
        lane.checked_s = float("-inf")
        bad: list[BadRows] = []
        for table in sorted(block.parts):
            token = f"{self._log}/{table}/{block.partition}/{block.first}-{block.last}"
            bad += await self._insert(lane, Load(table, block.parts[table], token, in_doubt))
        if bad or block.unreadable:
            await self._set_aside(lane, bad, block.unreadable)
        return bad

    async def quarantine(self, rows: Sequence[bytes]) -> None:
        """Returns when the rows are in `quarantine`."""
        client = await self.client("quarantine")
        await self._patience.persist("quarantine", partial(insert_quarantine, client, rows))
        self._counters.quarantined += len(rows)

    def close(self) -> None:
        """Gives the connections back."""
        for client in self._clients.values():
            client.close()

    async def _insert(self, lane: Lane, load: Load) -> list[BadRows]:
        frames, bad, tries = [part.frame for part in load.parts], list[BadRows](), 0
        while frames:
            begun_s = time.monotonic()
            try:
                await self._patience.persist(lane.name, partial(self._insert_now, lane, load, frames), with_rows=True)
                if load.table == "events" and load.in_doubt:
                    await self._patience.persist(lane.name, partial(self._complete, lane, frames))
            except Refused as refused:
                tries += 1
                if tries > 1:
                    what = f"table '{load.table}' refuses even what is left: {refused}"
                    self._patience.note(lane.name, "refused", what)
                    await self._patience.rest(tries)
                frames, bad = await self._find_good(lane, load.table, load.parts)
            else:
                rows = sum(part.header.rows for part in load.parts) - sum(it.count for it in bad)
                self._counters.add_insert(load.table, rows, time.monotonic() - begun_s)
                break
        return bad

    async def _find_good(self, lane: Lane, table: str, parts: list[Part]) -> tuple[list[bytes], list[BadRows]]:
        """Frames without the bad rows; all frames as they are when no row is to blame."""
        try:
            sifted = await self._patience.persist(lane.name, partial(sift, lane.client, table, parts))
        except SchemaAtFault as error:
            self._patience.note(lane.name, "schema", str(error))
            return [part.frame for part in parts], []
        return sifted.frames, sifted.bad

    def _insert_now(self, lane: Lane, load: Load, frames: list[bytes]) -> None:
        self._check(lane)
        doubt, load.in_doubt = load.in_doubt, True  # unless the engine answers
        if load.table == "events":
            insert_touches(lane.client, frames, load.token)
        else:
            insert_frames(lane.client, load.table, frames)
        load.in_doubt = doubt

    def _complete(self, lane: Lane, frames: list[bytes]) -> None:
        self._check(lane)
        if missing := complete_touches(lane.client, frames):
            rollup_rows = sum(missing.rollup_rows.values())
            _log.warning(
                "%s: ClickHouse was interrupted and had lost %d touches and %d rollup rows of the block on its way; "
                "they have been put in again",
                *(lane.name, missing.events, rollup_rows),
            )

    def _check(self, lane: Lane) -> None:
        if time.monotonic() - lane.checked_s > _CHECK_HOLDS_S:
            lane.positions.check()
            lane.checked_s = time.monotonic()

    async def _set_aside(self, lane: Lane, bad: list[BadRows], unreadable: list[Unreadable]) -> None:
        for rows in bad:
            self._counters.add_refused(rows.table, rows.count)
        self._counters.unreadable += len(unreadable)
        _log.error(
            "%s: ClickHouse refuses %d rows, and %d records are no blocks; see `touchline quarantine list`",
            *(lane.name, sum(rows.count for rows in bad), len(unreadable)),
        )
        await self.quarantine(refused_rows(lane.partition, bad, unreadable))
