"""Each row once, whatever dies when."""

import itertools
from collections.abc import Callable

import pytest

from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from tests.sinks.mortal import Killed, Mortal
from tests.sinks.store.storing import _assert_exact, _feed, _log_of, _store


async def test_every_point_of_a_crash(connect: Callable[[], Client], client: Client) -> None:
    """A process dies at its nth statement, before or after it was carried out; another goes on in other batches."""
    cases = 0
    for step in itertools.count(1):
        for half in (0.0, 0.5):
            tenant = f"crash{step}{'after' if half else 'before'}"
            log = _log_of(tenant)
            first = _store(lambda left=step - 1 + half: Mortal(connect(), left), log, tenant, settle_s=600)
            committed, died = 100, False
            try:
                for at in range(0, len(log), 5):
                    await first.take(log[at : at + 5], 1)
                    committed = log[at][0] + 5
            except Killed:
                died = True
            second = _store(connect, log, tenant, settle_s=600)
            await _feed(second, log, committed, 1 + step % 4)
            _assert_exact(client, tenant)
            await second.close()
            cases += 1
        if not died:
            break
    assert cases > 20


@pytest.mark.parametrize("start", [100, 103, 105, 109, 110])
@pytest.mark.parametrize("settled", [False, True])
async def test_a_restart_at_any_committed_offset(
    connect: Callable[[], Client], client: Client, start: int, settled: bool
) -> None:
    """Also where commits were lost: what the tables have is skipped, or passes through."""
    log = _log_of("t")
    first = _store(connect, log, "k")
    await _feed(first, log, 100, 5)
    if settled:
        await first.close()
    await _feed(_store(connect, log, "k"), log, start, 3)
    _assert_exact(client, "t")


async def test_what_was_done_is_counted(connect: Callable[[], Client]) -> None:
    log = _log_of("t")
    heard: list[int] = []
    store = _store(connect, log, "k", on_stored=lambda header, now_ms: heard.append(header.rows))
    taken = await store.take(log, 1)
    assert taken.rows == 26 + 9 == sum(heard)
    assert dict(store.counters.rows) == {"events": 26, "profiles": 9}
    assert dict(store.counters.inserts) == {"events": 1, "profiles": 1}
    assert dict(store.counters.dropped) == {"events": 2}
    assert set(store.counters.insert_s) <= set(TABLES)
    assert (await store.take(log, 1)).rows == 0
    await store.close()
