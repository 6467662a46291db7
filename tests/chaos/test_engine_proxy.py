"""The proxy before the engine: what its client observes, and what the engine receives."""

import time
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Client, connect_server, parse_address
from sinks.clickhouse.errors import error_code
from tests.chaos.engine_proxy import Action, EngineProxy, Injection
from tests.chaos.loop import LoopThread
from tests.journeys.engine import Engine

INSERT = "INSERT INTO chaos.t VALUES (1)"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("engine"))
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def proxy(engine: Engine) -> Iterator[EngineProxy]:
    thread = LoopThread()
    proxy = EngineProxy(thread, engine.port)
    yield proxy
    proxy.stop()
    thread.stop()


@pytest.fixture
def plain(engine: Engine) -> Client:
    """A client that bypasses the proxy, with an empty table."""
    client = engine.server()
    for statement in (
        "CREATE DATABASE IF NOT EXISTS chaos",
        "DROP TABLE IF EXISTS chaos.t",
        "CREATE TABLE chaos.t (n UInt8) ENGINE = MergeTree ORDER BY n",
    ):
        client.command(statement)
    return client


def through(proxy: EngineProxy, client_name: str = "one") -> Client:
    return connect_server(
        parse_address(f"http://writer:w@127.0.0.1:{proxy.port_for(client_name)}/chaos"), timeout_s=PATIENCE_S
    )


def count(client: Client) -> int:
    return int(client.query("SELECT count() FROM chaos.t").result_rows[0][0])


def test_requests_without_injection_are_passed_on(proxy: EngineProxy, plain: Client) -> None:
    client = through(proxy)
    client.command(INSERT)
    assert count(client) == count(plain) == 1


@pytest.mark.parametrize(("action", "rows"), [(Action.CUT_BEFORE, 0), (Action.CUT_MIDDLE, 0), (Action.CUT_AFTER, 1)])
def test_connections_are_cut_before_and_after_the_insert(
    proxy: EngineProxy, plain: Client, action: Action, rows: int
) -> None:
    client = through(proxy)
    injection = proxy.inject(Injection(action, left=9, needle=b"INSERT INTO"))
    with pytest.raises((ClickHouseError, OSError)):
        client.command(INSERT)
    proxy.withdraw(injection)
    assert injection.taken >= 1
    assert count(plain) == rows * injection.taken
    client.command(INSERT)
    assert count(plain) == rows * injection.taken + 1


@pytest.mark.parametrize(("status", "code"), [(500, 243), (503, 0)])
def test_errors_are_answered_in_place_of_the_engine(proxy: EngineProxy, plain: Client, status: int, code: int) -> None:
    client = through(proxy)
    injection = proxy.inject(Injection(Action.ANSWER_ERROR, needle=b"INSERT INTO", status=status, code=code))
    with pytest.raises(ClickHouseError) as caught:
        client.command(INSERT)
    assert (error_code(caught.value) or 0) == code
    assert count(client) == 0  # the statement does not contain the needle
    proxy.withdraw(injection)


def test_an_injection_applies_to_one_client_and_a_limited_number_of_requests(proxy: EngineProxy, plain: Client) -> None:
    one, two = through(proxy, "one"), through(proxy, "two")
    injection = proxy.inject(Injection(Action.ANSWER_ERROR, left=1, client_name="two", needle=b"INSERT INTO", code=241))
    one.command(INSERT)
    assert not injection.done.is_set()
    with pytest.raises(ClickHouseError):
        two.command(INSERT)
    assert injection.done.wait(PATIENCE_S)
    two.command(INSERT)
    assert count(plain) == 2


def test_a_delayed_request_is_passed_on(proxy: EngineProxy, plain: Client) -> None:
    client = through(proxy)
    proxy.inject(Injection(Action.HANG, left=1, needle=b"INSERT INTO", hang_s=0.3))
    begun_s = time.monotonic()
    client.command(INSERT)
    assert time.monotonic() - begun_s >= 0.3
    assert count(plain) == 1


@pytest.mark.parametrize("action", [Action.PASS, Action.NOTE])
def test_an_observed_request_sets_done(proxy: EngineProxy, plain: Client, action: Action) -> None:
    client = through(proxy)
    injection = proxy.inject(Injection(action, left=1, needle=b"INSERT INTO"))
    client.command(INSERT)
    assert injection.done.wait(PATIENCE_S)
    assert count(plain) == 1
