"""Retries of calls to ClickHouse with exponential backoff: endless for transient errors, logged once an outage."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import StoreUnavailableError
from sinks.clickhouse.errors import ErrorKind, classify, describe_error, error_code

T = TypeVar("T")
_log = logging.getLogger(__name__)
_UNKNOWN_TRIES: Final = 3  # an unclassified code counts as a refusal of rows after so many identical answers


class RowsRefusedError(Exception):
    """ClickHouse refused an insert because of its rows."""

    def __init__(self, error: Exception) -> None:
        super().__init__(describe_error(error))
        self.code = error_code(error)


@dataclass(frozen=True, slots=True)
class Outage:
    """Work that does not succeed, since `since_s`. A change of `kind` is logged, a change of `what` is not."""

    since_s: float
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double from `first_s` to `longest_s`, each shortened by up to half by `chance` (0 to 1)."""

    chance: Callable[[], float]
    first_s: float = 0.5
    longest_s: float = 10.0

    def before_try(self, tries: int) -> float:
        """Return the seconds to wait after `tries` failures (1 or more)."""
        whole = min(self.longest_s, self.first_s * 2.0 ** min(tries - 1, 30))
        return whole * (1.0 - 0.5 * self.chance())


@dataclass(slots=True)
class Retrier:
    """Runs blocking steps in threads until they succeed, and keeps the outages that are going on."""

    backoff: Backoff
    executor: Executor
    now_s: Callable[[], float]  # wall clock, for messages
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    retries: int = 0
    _outages: dict[str, Outage] = field(default_factory=dict)

    @property
    def outage(self) -> str | None:
        """The oldest outage in one line; None when everything works."""
        if not self._outages:
            return None
        oldest = min(self._outages.values(), key=lambda outage: outage.since_s)
        return f"{oldest.what} (since {datetime.fromtimestamp(oldest.since_s, UTC):%Y-%m-%d %H:%M:%SZ})"

    async def run(self, where: str, step: Callable[[], T], *, with_rows: bool = False) -> T:
        """Return the result of `step` once it succeeds. `where` names the work, such as `timeline partition 2`.

        Raises RowsRefusedError (only `with_rows`) when the rows are, or may be, at fault. Exceptions other than those
        of ClickHouse and of the connection pass through.
        """
        codes: list[int | None] = []
        while True:
            try:
                result = await self.run_once(step)
            except (ClickHouseError, StoreUnavailableError, OSError) as error:
                codes.append(error_code(error))
                if with_rows and _rows_may_be_at_fault(classify(error), codes):
                    raise RowsRefusedError(error) from error
                self.report(where, str(codes[-1]), describe_error(error))
            else:
                self.end_outage(where)
                return result
            await self.wait(len(codes))

    async def wait(self, tries: int) -> None:
        """Pause after `tries` failures."""
        self.retries += 1
        await self.pause(self.backoff.before_try(tries))

    async def run_once(self, step: Callable[[], T]) -> T:
        """Run a step in a thread, once."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, step)

    def report(self, where: str, kind: str, what: str) -> None:
        """Keep an outage; log it when it begins or changes its kind."""
        known = self._outages.get(where)
        if known is None or known.kind != kind:
            _log.error("%s: not stored yet, retrying; nothing is lost: %s", where, what)
        self._outages[where] = Outage(known.since_s if known else self.now_s(), kind, f"{where} waits: {what}")

    def end_outage(self, where: str) -> None:
        """Forget an outage, because the work succeeded or is no longer needed."""
        if (known := self._outages.pop(where, None)) is not None:
            _log.warning("%s continues after %.0f s", where, self.now_s() - known.since_s)


def _rows_may_be_at_fault(kind: ErrorKind, codes: list[int | None]) -> bool:
    """Return whether to look for bad rows: at once for an error about data, for an unclassified code when repeated."""
    repeated = len(codes) >= _UNKNOWN_TRIES and len(set(codes[-_UNKNOWN_TRIES:])) == 1
    return kind is ErrorKind.CONTENT or (kind is ErrorKind.UNKNOWN and repeated)
