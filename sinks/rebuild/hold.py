"""A rebuild's hold on the store: every timeline partition claimed under one owner and kept fresh, so that no block is
stored meanwhile.

A statement that must not run once the hold is lost carries `guard`, which ClickHouse evaluates when the statement
begins, however late it arrives. A statement that began in time ends before the hold can lapse: `STATEMENT_S` is less
than what a hold lasts after its last renewal.
"""

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Client, StoreUnavailable, quote
from sinks.store.intent_log import HOLD_S, Fenced, Positions

RENEW_S: Final = 4.0
STATEMENT_S: Final = HOLD_S - 10  # the longest that a guarded statement may run


class Hold:
    """Keeps claims fresh from a thread of its own until it is left. `positions` are claimed and use `client` only."""

    def __init__(self, client: Client, log: str, owner: str, positions: Sequence[Positions]) -> None:
        self._client = client
        self._log = log
        self._owner = owner
        self._positions = positions
        self._ended = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._renew, name="hold", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if kind is None or not issubclass(kind, Fenced | ClickHouseError | StoreUnavailable | OSError):
            for one in self._positions:
                one.release()

    @property
    def guard(self) -> str:
        """A condition that is true while every partition is held."""
        held = len(self._positions)
        return (
            f"(SELECT countIf(holder = {quote(self._owner)}) = {held} "
            "FROM (SELECT argMax(owner, (epoch, owner)) AS holder FROM store_blocks "
            f"WHERE log = {quote(self._log)} GROUP BY timeline_partition))"
        )

    def check(self) -> None:
        """Raises `Fenced` if a worker has claimed a partition: the hold had lapsed."""
        with self._one_at_a_time:
            for one in self._positions:
                one.check()

    def _renew(self) -> None:
        while not self._ended.wait(RENEW_S):
            try:
                with self._one_at_a_time:
                    for one in self._positions:
                        one.check()
                        one.renew()
            except Fenced:
                return  # the guard and `check` raise it in the work under the hold
            except (ClickHouseError, StoreUnavailable, OSError):
                continue
