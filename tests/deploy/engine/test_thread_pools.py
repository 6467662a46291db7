"""Slow queries of a reader delay no other user."""

import pytest

from sinks.clickhouse.client import Address, StoreUnavailableError, connect
from tests.deploy.engine.access.limited_engine import ENDLESS, ask, running, send, wait
from tests.deploy.engine.engine_processes import Engine


def test_slow_queries_of_a_reader_delay_no_other_user_and_answer_busy(engine: Engine) -> None:
    connections = [send(engine, ENDLESS) for _ in range(16)]
    wait(lambda: running(engine) == 8)
    assert ask(engine, "SELECT 1", "other").data == b"1\n"
    busy = ask(engine, "SELECT 1")
    assert (busy.status, busy.headers["X-ClickHouse-Exception-Code"]) == (503, "202")
    assert int(busy.headers["Retry-After"]) > 0
    assert b"threads of user reader are busy: try again in" in busy.data
    with pytest.raises(StoreUnavailableError, match=r"is busy: .* try again in 5 s") as raised:
        connect(Address("127.0.0.1", engine.ready.port, "shop", "reader", "r"), "read")
    assert (raised.value.code, raised.value.is_transient) == (202, True)
    client = connect(Address("127.0.0.1", engine.ready.port, "shop", "other", "o"), "read")
    assert client.query("SELECT 1").result_rows == [(1,)]
    client.close()
    assert running(engine) == 8
    for connection in connections:
        connection.close()
    wait(lambda: running(engine) == 0)
