"""Each row is stored once, whichever process crashes when."""

import itertools
from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Client
from tests.sinks.crashing_client import CrashError, CrashingClient
from tests.sinks.store.store_logs import _assert_exact, _feed, _log_of, _store


async def test_a_crash_at_any_statement_stays_exact(connect: Callable[[], Client], client: Client) -> None:
    """A process crashes at its nth statement, before or after it ran; another continues with other batches."""
    cases = 0
    for step in itertools.count(1):
        for half in (0.0, 0.5):
            tenant = f"crash{step}{'after' if half else 'before'}"
            log = _log_of(tenant)
            first = _store(lambda left=step - 1 + half: CrashingClient(connect(), left), log, tenant, settle_s=600)
            committed, died = 100, False
            try:
                for at in range(0, len(log), 5):
                    await first.write(log[at : at + 5], 1)
                    committed = log[at][0] + 5
            except CrashError:
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
async def test_a_restart_at_any_committed_offset_stays_exact(
    connect: Callable[[], Client], client: Client, start: int, settled: bool
) -> None:
    """Also where commits were lost: rows that the tables have are skipped."""
    log = _log_of("t")
    first = _store(connect, log, "k")
    await _feed(first, log, 100, 5)
    if settled:
        await first.close()
    await _feed(_store(connect, log, "k"), log, start, 3)
    _assert_exact(client, "t")
