"""What the proxy does to a client of the engine, and what the engine has seen of it."""

import time
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Client, connect_server, parse_address
from sinks.clickhouse.errors import error_code
from tests.chaos.engine_proxy import Deed, EngineProxy, Order
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
    """Past the proxy, to an empty table."""
    client = engine.server()
    for statement in (
        "CREATE DATABASE IF NOT EXISTS chaos",
        "DROP TABLE IF EXISTS chaos.t",
        "CREATE TABLE chaos.t (n UInt8) ENGINE = MergeTree ORDER BY n",
    ):
        client.command(statement)
    return client


def through(proxy: EngineProxy, door: str = "one") -> Client:
    return connect_server(parse_address(f"http://writer:w@127.0.0.1:{proxy.door(door)}/chaos"), timeout_s=PATIENCE_S)


def count(client: Client) -> int:
    return int(client.query("SELECT count() FROM chaos.t").result_rows[0][0])


def test_passes_on_what_nobody_ordered(proxy: EngineProxy, plain: Client) -> None:
    client = through(proxy)
    client.command(INSERT)
    assert count(client) == count(plain) == 1


@pytest.mark.parametrize(("deed", "rows"), [(Deed.CUT_BEFORE, 0), (Deed.CUT_MIDDLE, 0), (Deed.CUT_AFTER, 1)])
def test_cuts_before_and_after(proxy: EngineProxy, plain: Client, deed: Deed, rows: int) -> None:
    client = through(proxy)
    order = proxy.order(Order(deed, left=9, needle=b"INSERT INTO"))
    with pytest.raises((ClickHouseError, OSError)):
        client.command(INSERT)
    proxy.withdraw(order)
    assert order.taken >= 1
    assert count(plain) == rows * order.taken
    client.command(INSERT)
    assert count(plain) == rows * order.taken + 1


@pytest.mark.parametrize(("status", "code"), [(500, 243), (503, 0)])
def test_answers_errors_in_place_of_the_engine(proxy: EngineProxy, plain: Client, status: int, code: int) -> None:
    client = through(proxy)
    order = proxy.order(Order(Deed.ANSWER_ERROR, needle=b"INSERT INTO", status=status, code=code))
    with pytest.raises(ClickHouseError) as caught:
        client.command(INSERT)
    assert (error_code(caught.value) or 0) == code
    assert count(client) == 0  # what does not have the word in it is not meant
    proxy.withdraw(order)


def test_does_it_to_one_door_and_so_often(proxy: EngineProxy, plain: Client) -> None:
    one, two = through(proxy, "one"), through(proxy, "two")
    order = proxy.order(Order(Deed.ANSWER_ERROR, left=1, door="two", needle=b"INSERT INTO", code=241))
    one.command(INSERT)
    assert not order.met.is_set()
    with pytest.raises(ClickHouseError):
        two.command(INSERT)
    assert order.met.wait(PATIENCE_S)
    two.command(INSERT)
    assert count(plain) == 2


def test_hangs_then_passes_on(proxy: EngineProxy, plain: Client) -> None:
    client = through(proxy)
    proxy.order(Order(Deed.HANG, left=1, needle=b"INSERT INTO", hang_s=0.3))
    begun_s = time.monotonic()
    client.command(INSERT)
    assert time.monotonic() - begun_s >= 0.3
    assert count(plain) == 1


@pytest.mark.parametrize("deed", [Deed.PASS, Deed.NOTE])
def test_tells_of_a_moment(proxy: EngineProxy, plain: Client, deed: Deed) -> None:
    client = through(proxy)
    order = proxy.order(Order(deed, left=1, needle=b"INSERT INTO"))
    client.command(INSERT)
    assert order.met.wait(PATIENCE_S)
    assert count(plain) == 1
