"""Queries end when their client disconnects or the engine stops."""

import pytest

from tests.deploy.engine.access.limited_engine import ENDLESS, ask, running, send, wait
from tests.deploy.engine.engine_processes import Engine, Start


def test_a_query_ends_when_its_client_disconnects(engine: Engine) -> None:
    connections = [send(engine, ENDLESS) for _ in range(16)]
    wait(lambda: running(engine) == 8)
    for connection in connections:
        connection.close()
    wait(lambda: running(engine) == 0)
    assert ask(engine, "SELECT 1").data == b"1\n"


def test_running_queries_end_when_the_engine_stops(start: Start, tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = start(tmp_path_factory.mktemp("stopped"))
    ask(engine, "CREATE DATABASE shop", "writer", database="system")
    # An unnamed socket is closed at once, and the engine ends the query of a client that left.
    with send(engine, ENDLESS):
        wait(lambda: running(engine) == 1)
        assert engine.stop() == 0
