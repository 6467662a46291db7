"""Trying again: for ever where it can help, with growing pauses, and saying so once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import StoreUnavailable
from sinks.clickhouse.errors import Verdict, code_of, judge, say

T = TypeVar("T")
_log = logging.getLogger(__name__)
_LOOK_AFTER: Final = 3  # identical answers of a code nobody has classified


class Refused(Exception):
    """ClickHouse took a look at the rows and did not want them."""

    def __init__(self, error: Exception) -> None:
        super().__init__(say(error))
        self.code = code_of(error)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What does not work. `kind` stays the same from try to try."""

    since_s: float
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Pauses:
    """Between tries: doubling from `first_s` to `longest_s`, each shortened by up to half by `chance` (0 to 1)."""

    chance: Callable[[], float]
    first_s: float = 0.5
    longest_s: float = 10.0

    def before_try(self, tries: int) -> float:
        """Seconds to wait after `tries` failures (1 or more)."""
        whole = min(self.longest_s, self.first_s * 2.0 ** min(tries - 1, 30))
        return whole * (1.0 - 0.5 * self.chance())


@dataclass(slots=True)
class Patience:
    """Runs blocking steps in threads until they succeed. `trouble` tells what does not, and since when."""

    pauses: Pauses
    executor: Executor
    now_s: Callable[[], float]  # wall clock, for people
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    retries: int = 0
    _troubles: dict[str, Trouble] = field(default_factory=dict)

    @property
    def trouble(self) -> str | None:
        """The oldest trouble, in one line."""
        if not self._troubles:
            return None
        oldest = min(self._troubles.values(), key=lambda trouble: trouble.since_s)
        return f"{oldest.what} (since {datetime.fromtimestamp(oldest.since_s, UTC):%Y-%m-%d %H:%M:%SZ})"

    async def persist(self, where: str, step: Callable[[], T], *, with_rows: bool = False) -> T:
        """What `step` returns, once it does. `where` names the work, such as `timeline partition 2`.

        Raises `Refused` (only `with_rows`) when the rows are, or may be, at fault. Any other exception than
        ClickHouse's and those of the connection is raised as it is.
        """
        codes: list[int | None] = []
        while True:
            try:
                result = await self.once(step)
            except (ClickHouseError, StoreUnavailable, OSError) as error:
                codes.append(code_of(error))
                if with_rows and _rows_may_be_at_fault(judge(error), codes):
                    raise Refused(error) from error
                self.note(where, str(codes[-1]), say(error))
            else:
                self.clear(where)
                return result
            await self.rest(len(codes))

    async def rest(self, tries: int) -> None:
        """The pause after `tries` failures."""
        self.retries += 1
        await self.pause(self.pauses.before_try(tries))

    async def once(self, step: Callable[[], T]) -> T:
        """One try, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, step)

    def note(self, where: str, kind: str, what: str) -> None:
        """Remembers a trouble; logged when it begins or becomes one of another kind."""
        known = self._troubles.get(where)
        if known is None or known.kind != kind:
            _log.error("%s waits and tries again, nothing is lost: %s", where, what)
        self._troubles[where] = Trouble(known.since_s if known else self.now_s(), kind, f"{where} waits: {what}")

    def clear(self, where: str) -> None:
        """It works (again), or nobody needs it any more."""
        if (known := self._troubles.pop(where, None)) is not None:
            _log.warning("%s goes on after %.0f s", where, self.now_s() - known.since_s)


def _rows_may_be_at_fault(verdict: Verdict, codes: list[int | None]) -> bool:
    """At once for a known complaint about data; for a code nobody has classified, when it came three times in a row."""
    repeated = len(codes) >= _LOOK_AFTER and len(set(codes[-_LOOK_AFTER:])) == 1
    return verdict is Verdict.CONTENT or (verdict is Verdict.UNKNOWN and repeated)
