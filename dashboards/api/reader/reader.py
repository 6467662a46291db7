"""Questions to ClickHouse in lanes, within bounds, shared by clients, and ended when none waits for them."""

import asyncio
import functools
import logging
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.answers.run_query import Client
from dashboards.api.reader.bounds import Bounds
from dashboards.api.reader.connection import Connection
from dashboards.api.reader.failures import clickhouse_away, is_outage, lane_full, problem_of, too_slow
from dashboards.api.reader.lanes import Lane, LaneFullError, LaneName
from dashboards.api.reader.shared_runs import SharedRuns
from dashboards.api.reader.statements import Statements

T = TypeVar("T")
Question = Callable[[Client], T]

log = logging.getLogger(__name__)


class Reader:
    """Runs questions. Cancelling `run` ends the question and its statement."""

    def __init__(self, connection: Connection, lanes: Mapping[LaneName, Lane]) -> None:
        self.connection = connection
        self.lanes = lanes
        self._shared = SharedRuns()

    async def run(self, question: Question[T], lane: LaneName = "fast") -> T:
        """Return the answer to a question. Raises ProblemError."""
        place = self.lanes[lane]
        statements = Statements(asyncio.get_running_loop(), self._sender(Bounds(place.limit_s)))
        try:
            async with asyncio.timeout(place.limit_s):
                future = await place.start(functools.partial(question, statements))
                return await asyncio.shield(future)
        except LaneFullError:
            raise lane_full(lane) from None
        except TimeoutError:
            raise too_slow(place.limit_s) from None
        except (ClickHouseError, OSError) as error:
            if is_outage(error):
                raise clickhouse_away(self._away_since()) from error
            log.warning("A query failed: %s", error)
            raise problem_of(error, place.limit_s) from error
        finally:
            statements.end()

    async def run_shared(self, question: Question[T], lane: LaneName, key: Hashable, keep_s: float) -> T:
        """Return the answer of the run of a key: one run for all that ask at once, and for `keep_s` after."""
        return await self._shared.get(key, keep_s, lambda: self.run(question, lane))

    async def close(self) -> None:
        """Close the connection and the lanes."""
        for lane in self.lanes.values():
            lane.close()
        await self.connection.close()

    def _sender(self, bounds: Bounds) -> Callable[[str, dict[str, Any] | None], Any]:
        async def send(text: str, parameters: dict[str, Any] | None) -> Any:
            return await self.connection.query(text, parameters, bounds)

        return send

    def _away_since(self) -> str:
        since_ms = self.connection.away_since_ms or 0
        return datetime.fromtimestamp(since_ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
