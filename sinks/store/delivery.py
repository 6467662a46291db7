"""The delivery of a batch to its tables: one insert each, refused rows to the quarantine, retried until stored."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from sinks.clickhouse.client import Client
from sinks.store.blocks import StoreBatch, TableBlock, UnreadableRecord
from sinks.store.counters import Counters
from sinks.store.insert import insert_frames, insert_touches
from sinks.store.intent_log import IntentLog
from sinks.store.quarantine import insert_quarantine, refused_rows
from sinks.store.reconciliation import complete_touches
from sinks.store.retry import Retrier, RowsRefusedError
from sinks.store.row_bisection import BadRows, TableFaultError, find_bad_rows

_CLAIM_CHECK_S: Final = 5.0  # before rows are sent, the claim is checked again if the last check is older
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class PartitionSession:
    """One timeline partition while this process owns it."""

    partition: int
    client: Client
    intent_log: IntentLog
    passed: dict[str, int] = field(default_factory=dict)
    next_offset: int = 0
    checked_s: float = float("-inf")
    unsettled: StoreBatch | None = None  # stored in every table, and not yet recorded as such

    @property
    def name(self) -> str:
        """The partition's name in messages."""
        return f"timeline partition {self.partition}"


@dataclass(slots=True)
class TableInsert:
    """The insert of a batch's blocks into one table.

    `may_be_stored` means that an earlier attempt got no answer, so ClickHouse may have stored all, some or none of it.
    """

    table: str
    blocks: list[TableBlock]
    token: str
    may_be_stored: bool


class Delivery:
    """Inserts for all sessions of a process. `connect` makes a writer; each session and the quarantine have one."""

    def __init__(self, connect: Callable[[], Client], retrier: Retrier, counters: Counters, log: str) -> None:
        self._connect = connect
        self._retrier = retrier
        self._counters = counters
        self._log = log
        self._clients: dict[str, Client] = {}

    async def client(self, name: str) -> Client:
        """Return the writer of a session, or of the quarantine."""

        def get() -> Client:
            if name not in self._clients:
                self._clients[name] = self._connect()
            return self._clients[name]

        return await self._retrier.run(name, get)

    async def send(self, session: PartitionSession, batch: StoreBatch, *, may_be_stored: bool = False) -> list[BadRows]:
        """Insert the batch; return the rows that ClickHouse refused once all others are stored. Raises `FencedError`.

        `may_be_stored` means that a former owner may have begun to send the batch.
        """
        session.checked_s = float("-inf")
        bad: list[BadRows] = []
        for table in sorted(batch.blocks):
            token = f"{self._log}/{table}/{batch.partition}/{batch.first}-{batch.last}"
            bad += await self._insert(session, TableInsert(table, batch.blocks[table], token, may_be_stored))
        if bad or batch.unreadable:
            await self._set_aside(session, bad, batch.unreadable)
        return bad

    async def quarantine(self, rows: Sequence[bytes]) -> None:
        """Insert rows into `quarantine`; return once they are stored."""
        client = await self.client("quarantine")
        await self._retrier.run("quarantine", partial(insert_quarantine, client, rows))

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    async def _insert(self, session: PartitionSession, insert: TableInsert) -> list[BadRows]:
        frames, bad, tries = [block.frame for block in insert.blocks], list[BadRows](), 0
        while frames:
            begun_s = time.monotonic()
            try:
                insert_now = partial(self._insert_now, session, insert, frames)
                await self._retrier.run(session.name, insert_now, with_rows=True)
                if insert.table == "events" and insert.may_be_stored:
                    await self._retrier.run(session.name, partial(self._complete, session, frames))
            except RowsRefusedError as refused:
                tries += 1
                if tries > 1:
                    why = f"table '{insert.table}' refuses the remaining rows, too: {refused}"
                    self._retrier.report(session.name, "refused", why)
                    await self._retrier.wait(tries)
                frames, bad = await self._find_good(session, insert)
            else:
                rows = sum(block.header.rows for block in insert.blocks) - sum(it.count for it in bad)
                self._counters.add_insert(insert.table, rows, time.monotonic() - begun_s)
                break
        return bad

    async def _find_good(self, session: PartitionSession, insert: TableInsert) -> tuple[list[bytes], list[BadRows]]:
        """Return frames without the bad rows, and the bad rows; all frames unchanged when no row is at fault."""
        try:
            search = partial(find_bad_rows, session.client, insert.table, insert.blocks)
            found = await self._retrier.run(session.name, search)
        except TableFaultError as error:
            self._retrier.report(session.name, "schema", str(error))
            return [block.frame for block in insert.blocks], []
        return found.frames, found.bad

    def _insert_now(self, session: PartitionSession, insert: TableInsert, frames: list[bytes]) -> None:
        self._check_claim(session)
        try:
            if insert.table == "events":
                insert_touches(session.client, frames, insert.token)
            else:
                insert_frames(session.client, insert.table, frames)
        except BaseException:
            insert.may_be_stored = True
            raise

    def _complete(self, session: PartitionSession, frames: list[bytes]) -> None:
        self._check_claim(session)
        if completed := complete_touches(session.client, frames):
            rollup_rows = sum(completed.rollup_rows.values())
            _log.warning(
                "%s: an insert was interrupted and ClickHouse had lost %d touches and %d rollup rows of it; they have "
                "been inserted again",
                *(session.name, completed.events, rollup_rows),
            )

    def _check_claim(self, session: PartitionSession) -> None:
        if time.monotonic() - session.checked_s > _CLAIM_CHECK_S:
            session.intent_log.check()
            session.checked_s = time.monotonic()

    async def _set_aside(
        self, session: PartitionSession, bad: list[BadRows], unreadable: list[UnreadableRecord]
    ) -> None:
        for rows in bad:
            self._counters.add_refused(rows.table, rows.count)
        self._counters.unreadable += len(unreadable)
        _log.error(
            "%s: ClickHouse refuses %d rows, and %d records are no blocks; see `touchline quarantine list`",
            *(session.name, sum(rows.count for rows in bad), len(unreadable)),
        )
        await self.quarantine(refused_rows(session.partition, bad, unreadable))
