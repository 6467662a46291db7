"""Bounded thread pools for blocking calls: one per kind of caller, so that no kind takes the threads of another.

A call waits for a thread of its pool for a limited time, then raises BusyError.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


class BusyError(Exception):
    """All threads of the pool were busy for as long as the call may wait."""


class ThreadPool:
    """Runs up to `threads` calls at a time; `wait_s` None waits without a limit."""

    def __init__(self, name: str, threads: int, wait_s: float | None) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._free = asyncio.Semaphore(threads)
        self._wait_s = wait_s
        self._futures: set[asyncio.Future[Any]] = set()

    async def start(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        """Wait for a thread, start the work in it and return its future. Raises BusyError.

        The thread is busy until the work ends, even if the caller stops waiting for it.
        """
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise BusyError from None
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._futures.add(future)
        future.add_done_callback(self._ended)
        return future

    async def idle(self) -> None:
        """Wait until no call is running."""
        while self._futures:
            await asyncio.wait(self._futures)

    @property
    def running(self) -> int:
        """The number of running calls."""
        return len(self._futures)

    def _ended(self, future: "asyncio.Future[Result]") -> None:
        self._futures.discard(future)
        self._free.release()
        if not future.cancelled():
            future.exception()  # retrieved here; the caller gets it if it still waits
