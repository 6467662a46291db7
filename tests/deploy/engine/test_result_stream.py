"""A large result arrives complete, in pieces, or is refused."""

import json

import pytest

from tests.deploy.engine.access.limited_engine import ask, limited
from tests.deploy.engine.engine_processes import Engine

__all__ = ["limited"]  # fixtures


@pytest.mark.parametrize("form", ["TSV", "CSV", "JSONEachRow", "Native", "RowBinary"])
def test_a_large_result_is_refused(limited: Engine, form: str) -> None:
    for sql in (f"SELECT repeat('x', 1000) FROM numbers(20000) FORMAT {form}", "SELECT number FROM numbers(3000000)"):
        answer = ask(limited, sql)
        assert answer.headers["X-ClickHouse-Exception-Code"] == "396", sql
    assert ask(limited, "SELECT count() FROM numbers(3000000)").data == b"3000000\n"


def test_a_result_of_several_pieces_is_whole(limited: Engine) -> None:
    answer = ask(limited, "SELECT number FROM numbers(300000) FORMAT JSONEachRow", max_block_size="1000")
    assert [int(json.loads(line)["number"]) for line in answer.data.splitlines()] == list(range(300000))


def test_totals_are_in_the_result(limited: Engine) -> None:
    sql = "SELECT number, count() FROM numbers(2) GROUP BY number WITH TOTALS ORDER BY number"
    assert ask(limited, sql).data == b"0\t1\n1\t1\n\n0\t2\n"


@pytest.mark.parametrize("form", ["JSON", "CSVWithNames", "Parquet"])
def test_a_result_in_a_format_of_one_piece_is_whole(limited: Engine, form: str) -> None:
    answer = ask(limited, f"SELECT number FROM numbers(2000) FORMAT {form}", max_block_size="1000")
    assert answer.status == 200
    if form == "JSON":
        assert json.loads(answer.data)["rows"] == 2000
