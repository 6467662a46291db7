"""Threads for calls that block: each lane has its own, so that one kind of caller never takes those of another.

A call waits for a thread of its lane for a bounded time; then it gets a BusyError.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


class BusyError(Exception):
    """All threads of a lane are taken, and stayed so while the call waited."""


class Lane:
    """`threads` calls at a time; `wait_s` None waits for as long as it takes."""

    def __init__(self, name: str, threads: int, wait_s: float | None) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._free = asyncio.Semaphore(threads)
        self._wait_s = wait_s
        self._futures: set[asyncio.Future[Any]] = set()

    async def start(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        """Wait for a thread, start the work in it and return its future. Raises BusyError.

        The thread is taken until the work ends, whatever becomes of the one who waits for it.
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
        """How many calls are running."""
        return len(self._futures)

    def _ended(self, future: "asyncio.Future[Result]") -> None:
        self._futures.discard(future)
        self._free.release()
        if not future.cancelled():
            future.exception()  # already raised in the caller, if it still waited
