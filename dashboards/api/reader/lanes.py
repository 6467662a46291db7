"""Lanes: how many questions run at once, and how many wait for that.

The engine has few threads for readers, and more queries at once take as much longer. So quick questions have a lane
that slow ones cannot fill, and a question that would wait for long is refused with the time after which to ask again.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, Literal, TypeVar

LaneName = Literal["fast", "slow"]
T = TypeVar("T")


class LaneFullError(Exception):
    """A lane's places are taken and as many questions wait as may."""


class Lane:
    """Threads for questions. `places`: how many run at once; `waiting`: how many may wait for a place."""

    def __init__(self, name: LaneName, places: int, waiting: int, limit_s: float) -> None:
        self.name: Final = name
        self.limit_s: Final = limit_s  # of one question
        self._places = asyncio.Semaphore(places)
        self._threads = ThreadPoolExecutor(places, f"lane-{name}")
        self._most_waiting = waiting
        self.waiting = 0
        self.running = 0

    async def start(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Wait for a place, and run the work in a thread, which holds the place until it ends. Raises LaneFullError."""
        if self._places.locked() and self.waiting >= self._most_waiting:
            raise LaneFullError(self.name)
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(self._release)
        return future

    def close(self) -> None:
        """Let the threads end after what they run."""
        self._threads.shutdown(wait=False)

    def _release(self, future: "asyncio.Future[T]") -> None:
        self.running -= 1
        self._places.release()
        with suppress(asyncio.CancelledError):
            future.exception()  # retrieved, so that the error of a question whose client left is not logged
