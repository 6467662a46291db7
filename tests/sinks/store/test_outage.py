"""ClickHouse is unreachable, killed, hanging, or refuses the password: rows wait and are then stored once."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from dataclasses import replace

import pytest

from sinks.clickhouse.client import Client, StoreUnavailableError, connect
from sinks.store.retry import Backoff
from sinks.store.stage import Store
from tests.sinks.conftest import Server
from tests.sinks.sample_blocks import event_block, wait_until

_LOG = [(offset, event_block("t", 1, range(10 * offset, 10 * offset + 10))) for offset in range(40)]


async def _reread(partition: int, first: int, last: int) -> Sequence[tuple[int, bytes]]:
    return _LOG[first : last + 1]


def _store(server: Server, *, timeout_s: int = 30) -> Store:
    return Store(
        lambda: connect(server.address, "write", timeout_s=timeout_s),
        _reread,
        log="k",
        owner="me",
        backoff=Backoff(lambda: 0.5, first_s=0.05, longest_s=0.2),
    )


async def _feed(store: Store) -> None:
    async with asyncio.timeout(300):
        for offset in range(0, len(_LOG), 2):
            await store.write(_LOG[offset : offset + 2], 1)


def _assert_exact(client: Client) -> None:
    rows = client.query("SELECT activity_offset FROM events ORDER BY ALL").result_rows
    assert [row[0] for row in rows] == list(range(400))
    assert client.query("SELECT sum(touches) FROM touches_by_minute").result_rows == [(400,)]
    assert client.query("SELECT sum(touches) FROM touches_by_hour").result_rows == [(400,)]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_rows_are_stored_once_across_engine_restarts(
    server: Server, how: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    """The engine is killed three times under load."""
    caplog.set_level(logging.WARNING)
    store = _store(server)
    work = asyncio.create_task(_feed(store))
    for outage in range(1, 4):
        await wait_until(lambda so_far=store.counters.inserts["events"]: store.counters.inserts["events"] > so_far + 2)
        await asyncio.to_thread(server.stop, how)
        await wait_until(lambda: store.outage is not None)
        assert "cannot be reached" in (store.outage or "")
        assert "(since 20" in (store.outage or "")
        await asyncio.to_thread(server.start)
        await wait_until(lambda: store.outage is None)
        begun = [record for record in caplog.records if "not stored yet, retrying" in record.getMessage()]
        assert len(begun) == outage
    await work
    _assert_exact(connect(server.address, "read"))
    await store.close()


async def test_rows_are_stored_once_after_an_engine_hung(server: Server) -> None:
    """A time-out is retried like any other error; an insert that ran nevertheless is skipped."""
    store = _store(server, timeout_s=1)
    work = asyncio.create_task(_feed(store))
    await wait_until(lambda: store.counters.inserts["events"] > 2)
    server.pause(signal.SIGSTOP)
    try:
        await wait_until(lambda: store.outage is not None)
    finally:
        server.pause(signal.SIGCONT)
    await work
    assert store.retries > 0
    _assert_exact(connect(server.address, "read"))
    await store.close()


async def test_the_store_starts_before_the_engine(server: Server) -> None:
    await asyncio.to_thread(server.stop)
    store = _store(server)
    work = asyncio.create_task(_feed(store))
    await wait_until(lambda: "cannot be reached: `touchline up` restarts its own" in (store.outage or ""))
    await asyncio.to_thread(server.start)
    await work
    _assert_exact(connect(server.address, "read"))
    await store.close()


async def test_rows_wait_while_the_password_is_wrong(server: Server) -> None:
    """A changed password loses no rows."""
    right = server.address
    server.address = replace(right, password="wrong")
    store = _store(server)
    work = asyncio.create_task(_feed(store))
    await wait_until(lambda: "refuses user 'writer'" in (store.outage or ""))
    server.address = right
    await work
    _assert_exact(connect(right, "read"))
    await store.close()


async def test_rows_wait_while_the_user_may_only_read(server: Server) -> None:
    server.address, right = replace(server.address, user="reader", password="r"), server.address
    store = _store(server)
    work = asyncio.create_task(store.write(_LOG[:1], 1))
    await wait_until(lambda: store.retries > 4)
    assert "ClickHouse answers 164" in (store.outage or "")
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert store.outage is None
    await store.close()
    assert connect(right, "read").query("SELECT count() FROM events").result_rows == [(0,)]


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"password": "no"}, 516, "refuses user 'writer': correct the user or the password"),
        ({"user": "nobody"}, 516, "refuses user 'nobody'"),
        ({"database": "elsewhere"}, 81, "has no database 'elsewhere': run `touchline migrate`"),
        ({"port": 1}, None, "ClickHouse at 127.0.0.1:1 cannot be reached: `touchline up` restarts its own"),
    ],
)
def test_errors_are_one_sentence(server: Server, change: dict[str, object], code: int | None, message: str) -> None:
    with pytest.raises(StoreUnavailableError, match=message) as caught:
        connect(replace(server.address, **change), "write")
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
