"""Running queries, which can be ended: at their time limit, when the client disconnects, when the server stops.

A thread cannot be stopped from outside, but its query can: KILL QUERY finds it by its mark. A query that has not
started yet, or does not check for a kill, is killed again until it has ended.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from deploy.engine.thread_pools import ThreadPool

Result = TypeVar("Result")

# The engine checks its time limit itself; only queries that do not end by that are ended here, a little later.
OVERTIME_S: Final = 1.0
_FIRST_S, _LAST_S = 0.1, 5.0


class QueryTimeoutError(Exception):
    """The query exceeded its time limit and is being ended."""


class RunningQueries:
    """The running queries by mark. `kill` ends the query of a mark; it may block."""

    def __init__(self, kill: Callable[[str], None]) -> None:
        self._kill = kill
        self._killer = ThreadPoolExecutor(1, "killer")
        self._running: dict[str, asyncio.Future[object]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self, pool: ThreadPool, mark: str, work: Callable[[], Result], limit_s: float) -> Result:
        """Run a query in a pool for at most `limit_s`. Raises BusyError, QueryTimeoutError and what the work raises.

        If this is cancelled because the client disconnects, the query is ended, too.
        """
        future = await pool.start(work)
        self._running[mark] = future  # type: ignore[assignment]
        future.add_done_callback(lambda _: self._running.pop(mark, None))
        try:
            return await asyncio.wait_for(asyncio.shield(future), limit_s + OVERTIME_S)
        except TimeoutError:
            self._end(mark)
            raise QueryTimeoutError from None
        except asyncio.CancelledError:
            self._end(mark)
            raise

    def end_all(self) -> None:
        """End every running query."""
        for mark in list(self._running):
            self._end(mark)

    def _end(self, mark: str) -> None:
        task = asyncio.create_task(self._end_until_done(mark))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end_until_done(self, mark: str) -> None:
        pause_s = _FIRST_S
        while future := self._running.get(mark):
            await asyncio.get_running_loop().run_in_executor(self._killer, self._kill, mark)
            await asyncio.wait([future], timeout=pause_s)
            pause_s = min(2 * pause_s, _LAST_S)
