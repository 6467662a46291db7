"""What the store did is counted."""

from collections.abc import Callable

from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from tests.sinks.store.storing import _log_of, _store


async def test_what_was_done_is_counted(connect: Callable[[], Client]) -> None:
    log = _log_of("t")
    heard: list[int] = []
    store = _store(connect, log, "k", on_stored=lambda header, now_ms: heard.append(header.rows))
    result = await store.write(log, 1)
    assert result.rows == 26 + 9 == sum(heard)
    assert dict(store.counters.rows) == {"events": 26, "profiles": 9}
    assert dict(store.counters.inserts) == {"events": 1, "profiles": 1}
    assert dict(store.counters.dropped) == {"events": 2}
    assert set(store.counters.insert_s) <= set(TABLES)
    assert (await store.write(log, 1)).rows == 0
    await store.close()
