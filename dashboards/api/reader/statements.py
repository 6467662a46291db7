"""The client of one question: it runs in a thread, and sends each statement by the client of the event loop."""

import asyncio
import concurrent.futures
from collections.abc import Callable, Coroutine
from typing import Any

Send = Callable[[str, dict[str, Any] | None], Coroutine[Any, Any, Any]]
"""Sends a statement with its parameters and returns its rows; a cancelled one is killed."""


class QuestionEndedError(Exception):
    """The question was ended because its client left or its time was over."""


class Statements:
    """A `run_query.Client` for one thread; `end` may be called by any other."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        self._ended = False
        self._current: concurrent.futures.Future[Any] | None = None

    def query(self, query: str, parameters: dict[str, Any] | None = None) -> Any:
        """Return the rows of a statement. Raises QuestionEndedError once `end` was called, and the driver's errors."""
        if self._ended:
            raise QuestionEndedError
        self._current = current = asyncio.run_coroutine_threadsafe(self._send(query, parameters), self._loop)
        if self._ended:  # between the check above and the assignment
            current.cancel()
        try:
            return current.result()
        except concurrent.futures.CancelledError:
            raise QuestionEndedError from None

    def end(self) -> None:
        """Cancel the statement that runs, and refuse further ones."""
        self._ended = True
        if self._current is not None:
            self._current.cancel()
