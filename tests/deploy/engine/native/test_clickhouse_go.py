"""The engine as Grafana's ClickHouse plugin sees it: clickhouse-go over HTTP, with its revision and gzip."""

import pytest

from tests.deploy.engine.engine_processes import USERS, Engine
from tests.deploy.grafana_probe.probe import ProbeAnswer, ask

COLUMNS = {
    "1 AS a": ("UInt8", "1"),
    "'x' AS b": ("String", "x"),
    "toLowCardinality('q') AS c": ("LowCardinality(String)", "q"),
    "map('a', [1]) AS d": ("Map(String, Array(UInt8))", "map[a:[1]]"),
    "CAST(NULL, 'Nullable(Int8)') AS e": ("Nullable(Int8)", "<nil>"),
    "toDateTime64('2026-03-29 01:30:00.125', 3, 'UTC') AS f": (
        "DateTime64(3, 'UTC')",
        "2026-03-29 01:30:00.125 +0000 UTC",
    ),
    "toDecimal64(1.5, 2) AS g": ("Decimal(18, 2)", "1.5"),
}
# What the plugin asks while somebody edits a panel, and an answer of several blocks.
ASKED = ["SELECT timezone()", "SHOW DATABASES", "SELECT version()", "SELECT number FROM numbers(200000) LIMIT 1e9"]
FAILING = {
    "SELECT x FROM missing": "UNKNOWN_TABLE",
    "SELECT throwIf(number = 100000) FROM numbers(200000)": "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO",
    "INSERT INTO t VALUES (1)": "READONLY",
    "SELECT hostName()": "READONLY",
}


@pytest.fixture(scope="module")
def answers(engine: Engine) -> dict[str, ProbeAnswer]:
    statements = [f"SELECT {', '.join(COLUMNS)}", *ASKED, *FAILING, "SELECT 1"]
    password = USERS["reader"]["password"]
    return dict(zip(statements, ask(engine.ready.port, "reader", password, "shop", statements), strict=True))


def test_the_first_query_of_a_connection_is_answered(answers: dict[str, ProbeAnswer]) -> None:
    assert answers["SELECT 1"] == ProbeAnswer([("1", "UInt8")], [["1"]], "")


def test_columns_of_all_kinds_arrive(answers: dict[str, ProbeAnswer]) -> None:
    answer = next(iter(answers.values()))
    assert [kind for _, kind in answer.columns] == [kind for kind, _ in COLUMNS.values()]
    assert answer.rows == [[value for _, value in COLUMNS.values()]]


@pytest.mark.parametrize(("statement", "rows"), list(zip(ASKED, (1, None, 1, 200_000), strict=True)))
def test_questions_of_the_plugin_are_answered(
    answers: dict[str, ProbeAnswer], statement: str, rows: int | None
) -> None:
    assert answers[statement].error == ""
    assert rows is None or len(answers[statement].rows) == rows


@pytest.mark.parametrize(("statement", "name"), list(FAILING.items()))
def test_an_error_has_the_text_of_the_engine(answers: dict[str, ProbeAnswer], statement: str, name: str) -> None:
    assert f"({name})" in answers[statement].error
