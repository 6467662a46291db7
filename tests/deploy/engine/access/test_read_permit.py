"""Settings, identifiers, templates and refusals of read-only users."""

import json
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from deploy.engine.access.read_only import is_closed_setting
from tests.deploy.engine.access.reader_queries import SECRET, ask
from tests.deploy.engine.engine_processes import Engine

pytestmark = pytest.mark.usefixtures("shop_tables")


@pytest.mark.parametrize("value", ["file", "FILE", "fi\\x6ce", "`file`", "\\N", "", "a b"])
def test_an_identifier_is_a_plain_name(engine: Engine, value: str) -> None:
    answer = ask(engine, "SELECT {n:Identifier} FROM kept", param_n=value)
    assert answer.headers["X-ClickHouse-Exception-Code"] == "164"


@pytest.mark.parametrize("sql", ["SELECT id FROM {t:Identifier}", "SELECT id FROM {d:Identifier}.{t:Identifier}"])
def test_an_identifier_may_name_a_table(engine: Engine, sql: str) -> None:
    assert ask(engine, sql, param_d="shop", param_t="kept", param_other="file\\n").data == b"1\n"


@pytest.mark.parametrize(
    "setting",
    ["readonly", "allow_ddl", "format_schema", "format_template_row", "output_format_schema",
     "additional_result_filter", "allow_experimental_eval_table_function", "allow_introspection_functions",
     "s3_truncate_on_insert"],
)  # fmt: skip
def test_settings_that_lift_limits_are_refused(setting: str) -> None:
    assert is_closed_setting(setting)


@pytest.mark.parametrize("setting", ["max_threads", "max_execution_time", "output_format_json_quote_64bit_integers"])
def test_settings_of_size_and_format_are_allowed(setting: str) -> None:
    assert not is_closed_setting(setting)


def test_a_template_cannot_show_a_file(engine: Engine, secret: Path) -> None:
    answer = ask(engine, "SELECT 1 FORMAT Template", format_template_resultset=str(secret))
    assert (answer.headers.get("X-ClickHouse-Exception-Code"), SECRET.encode() in answer.data) == ("164", False)


@pytest.mark.parametrize("parameters", [{"readonly": "0"}, {"readonly": "2"}])
def test_the_url_cannot_lift_readonly(engine: Engine, parameters: dict[str, str]) -> None:
    assert ask(engine, "SELECT getSetting('readonly')", **parameters).data == b"1\n"


def test_settings_of_a_reader_are_applied(engine: Engine) -> None:
    assert ask(engine, "SELECT getSetting('max_threads'), getSetting('readonly')", max_threads="1").data == b"1\t1\n"


def test_clickhouse_connect_reads_as_a_reader(engine: Engine) -> None:
    client: Any = engine.client("reader", tz_mode="aware")
    parameters = {"name": "a", "table": "kept"}
    rows = client.query(
        "SELECT id FROM {table:Identifier} WHERE name = {name:String}", parameters=parameters
    ).result_rows
    assert rows == [(1,)]
    with pytest.raises(DatabaseError) as raised:
        client.command("DROP TABLE kept")
    assert raised.value.code == 164


def test_a_refusal_says_why(engine: Engine) -> None:
    assert b"may not reach outside the engine with url()" in ask(engine, "SELECT * FROM url('http://a')").data
    assert json.loads(ask(engine, "SELECT 1 AS a FORMAT JSONEachRow").data) == {"a": 1}


def test_settings_of_inserts_are_left_out_of_a_query(engine: Engine) -> None:
    answer = ask(engine, "SELECT getSetting('async_insert')", async_insert="1", wait_for_async_insert="1")
    assert answer.data == b"false\n"
