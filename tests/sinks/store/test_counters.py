"""The store counts rows, inserts and replays."""

from collections.abc import Callable

from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from tests.sinks.store.store_logs import _log_of, _store


async def test_rows_inserts_and_replays_are_counted(connect: Callable[[], Client]) -> None:
    log = _log_of("t")
    stored: list[int] = []
    store = _store(connect, log, "k", on_stored=lambda header, now_ms: stored.append(header.rows))
    result = await store.write(log, 1)
    assert result.rows == 26 + 9 == sum(stored)
    assert dict(store.counters.rows) == {"events": 26, "profiles": 9}
    assert dict(store.counters.inserts) == {"events": 1, "profiles": 1}
    assert dict(store.counters.dropped) == {"events": 2}
    assert set(store.counters.insert_s) <= set(TABLES)
    assert (await store.write(log, 1)).rows == 0
    await store.close()
