"""One run for all that ask the same at the same time, and its result for a short time after."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")
MOST_KEPT: Final = 512  # results; the oldest are dropped


@dataclass(slots=True)
class _Run:
    task: asyncio.Future[Any]
    waiting: int = 0
    valid_until_s: float = 0.0  # by the loop's clock; infinite while it runs


class SharedRuns:
    """Runs by key. A run whose last asker leaves is cancelled; an error is not kept."""

    def __init__(self) -> None:
        self._runs: dict[Hashable, _Run] = {}

    async def get(self, key: Hashable, keep_s: float, start: Callable[[], Awaitable[T]]) -> T:
        """Return the result of the run of a key, which is started unless it runs or its result is valid."""
        now_s = asyncio.get_running_loop().time()
        run = self._runs.get(key)
        if run is None or (run.task.done() and run.valid_until_s <= now_s):
            run = self._start(key, keep_s, start)
        run.waiting += 1
        try:
            return cast(T, await asyncio.shield(run.task))
        finally:
            run.waiting -= 1
            if not run.waiting and not run.task.done():
                self._forget(key, run)
                run.task.cancel()

    def _start(self, key: Hashable, keep_s: float, start: Callable[[], Awaitable[T]]) -> _Run:
        run = _Run(asyncio.ensure_future(start()))
        self._runs.pop(key, None)  # a dict keeps the place of a key that is replaced
        self._runs[key] = run
        while len(self._runs) > MOST_KEPT:
            self._runs.pop(next(iter(self._runs)))

        def finish(task: asyncio.Future[Any]) -> None:
            if task.cancelled() or task.exception() is not None or not keep_s:
                self._forget(key, run)
            else:
                run.valid_until_s = task.get_loop().time() + keep_s

        run.task.add_done_callback(finish)
        return run

    def _forget(self, key: Hashable, run: _Run) -> None:
        if self._runs.get(key) is run:
            del self._runs[key]
