"""A rebuild's hold on the store: all timeline partitions claimed by one owner, with renewed claims, so that nothing is
stored meanwhile.

A statement that must not run after the hold is lost contains `guard`, which ClickHouse evaluates when the statement
begins, however late it arrives. A statement that began in time ends before the hold can lapse, because `STATEMENT_S` is
shorter than the hold's duration after its last renewal.
"""

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Client, StoreUnavailableError, quote
from sinks.store.intent_log import HOLD_S, FencedError, IntentLog

RENEW_S: Final = 4.0
STATEMENT_S: Final = HOLD_S - 10  # the time limit of a guarded statement


class Hold:
    """Renews claims in a thread of its own while the context is open. `logs` are claimed and use only `client`."""

    def __init__(self, client: Client, log: str, owner: str, logs: Sequence[IntentLog]) -> None:
        self._client = client
        self._log = log
        self._owner = owner
        self._logs = logs
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
        if kind is None or not issubclass(kind, FencedError | ClickHouseError | StoreUnavailableError | OSError):
            for one in self._logs:
                one.release()

    @property
    def guard(self) -> str:
        """An SQL condition that is true while every partition is held."""
        held = len(self._logs)
        return (
            f"(SELECT countIf(holder = {quote(self._owner)}) = {held} "
            "FROM (SELECT argMax(owner, (epoch, owner)) AS holder FROM store_blocks "
            f"WHERE log = {quote(self._log)} GROUP BY timeline_partition))"
        )

    def check(self) -> None:
        """Raise `FencedError` if the hold has lapsed and a worker has claimed a partition."""
        with self._one_at_a_time:
            for one in self._logs:
                one.check()

    def _renew(self) -> None:
        while not self._ended.wait(RENEW_S):
            try:
                with self._one_at_a_time:
                    for one in self._logs:
                        one.check()
                        one.renew()
            except FencedError:
                return  # `guard` and `check` report it to the rebuild
            except (ClickHouseError, StoreUnavailableError, OSError):
                continue
