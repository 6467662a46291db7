"""A database belongs to one Kafka, and a worker waits for a ClickHouse that fails temporarily."""

from pathlib import Path

import pytest

from sinks.clickhouse.client import parse_address
from tests.chaos.engine_proxy import Action, EngineProxy, Injection
from tests.chaos.loop import LoopThread
from tests.journeys.engine import Engine
from touchline.errors import CliError
from touchline.settings import Settings
from touchline.worker.clickhouse_setup import prepare_store, refuse_lost_database, refuse_other_log

ADDRESS = parse_address("http://writer:secret@127.0.0.1:8123/touches")


@pytest.mark.parametrize("known", [[], ["abc/"], ["abc/", "def/"]])
def test_new_database_and_the_right_one_are_accepted(known: list[str]) -> None:
    refuse_other_log(known, "abc/", ADDRESS)
    refuse_lost_database(["abc/"], True, ADDRESS)
    refuse_lost_database(known, False, ADDRESS)


def test_database_of_another_kafka_is_refused() -> None:
    with pytest.raises(CliError, match=r"filled from another Kafka.*def/.*not abc/"):
        refuse_other_log(["def/"], "abc/", ADDRESS)


def test_empty_database_after_stored_touches_is_refused() -> None:
    with pytest.raises(CliError, match="is empty, but these workers have stored touches") as found:
        refuse_lost_database([], True, ADDRESS)
    assert found.value.code == 78
    assert "secret" not in str(found.value)


@pytest.mark.slow
def test_temporary_failure_is_waited_for_and_another_is_an_error(tmp_path: Path) -> None:
    """The failure occurs at the first statement, and while the tables are created."""
    engine, thread = Engine(tmp_path), LoopThread()
    engine.start()
    proxy = EngineProxy(thread, engine.port)
    settings = Settings(clickhouse=f"http://writer:w@127.0.0.1:{proxy.port_for('one')}/touches")
    try:
        for needle, code in ((b"", 159), (b"CREATE TABLE IF NOT EXISTS events", 243)):
            injection = proxy.inject(Injection(Action.ANSWER_ERROR, needle=needle, code=code))
            connect = prepare_store(settings, "abc/", stored_before=False)
            assert injection.taken
            proxy.withdraw(injection)
            assert connect().query("SELECT count() FROM touches.events").result_rows == [(0,)]
            engine.server().command("DROP DATABASE touches")
        proxy.inject(Injection(Action.ANSWER_ERROR, code=516, status=403))
        with pytest.raises(CliError, match="refuses user 'writer'"):
            prepare_store(settings, "abc/", stored_before=False)
    finally:
        proxy.stop()
        thread.stop()
        engine.stop()
