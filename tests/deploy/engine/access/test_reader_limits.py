"""No reader takes threads, memory or time from another reader or from writers."""

import zlib
from collections.abc import Callable
from typing import Any

import lz4.frame  # type: ignore[import-untyped]
import pytest
import urllib3
import zstandard

from tests.deploy.engine.access.limited_engine import ENDLESS, ask, limited, wait
from tests.deploy.engine.engine_processes import Engine

__all__ = ["limited"]  # fixtures


ENDLESS_QUERIES = (
    ENDLESS,
    "SELECT sleepEachRow(3) FROM numbers(100)",
    "SELECT uniqExact(number % 1000) FROM numbers(1000000000000)",
    "SELECT count() FROM numbers(10000000) AS a, numbers(10000000) AS b WHERE a.number * b.number = 7",
    "SELECT (SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1)",
    "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count() FROM t",
)


@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        (ENDLESS, {}),
        (ENDLESS, {"max_execution_time": "1000"}),
        *((sql, {"max_execution_time": "0"}) for sql in ENDLESS_QUERIES),
    ],
)
def test_a_query_of_a_reader_ends_at_its_limit(limited: Engine, sql: str, asked: dict[str, str]) -> None:
    answer = ask(limited, sql, max_block_size="1", max_threads="1", **asked)
    assert answer.headers["X-ClickHouse-Exception-Code"] in ("159", "306", "394")
    wait(lambda: int(ask(limited, "SELECT count() FROM system.processes", "writer").data) == 1)


@pytest.mark.parametrize(("asked", "held"), [("", 3), ("0", 3), ("2", 2), ("1000", 3), ("nan", 3), ("-1", 3), ("x", 3)])
def test_a_reader_may_ask_for_less_time_and_not_for_more(limited: Engine, asked: str, held: int) -> None:
    parameters = {"max_execution_time": asked} if asked else {}
    answer = ask(limited, "SELECT getSetting('max_execution_time')", **parameters)
    assert float(answer.data) == held


def test_a_reader_may_use_a_quarter_of_the_memory(limited: Engine) -> None:
    held = ask(limited, "SELECT getSetting('max_memory_usage')", max_memory_usage="0").data
    assert int(held) == (2000 << 20) // 4
    answer = ask(limited, "SELECT length(groupArray(number)) FROM numbers(200000000)")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "241"


PACK: dict[str, Callable[[bytes], Any]] = {
    "": bytes, "gzip": lambda data: zlib.compress(data, wbits=31), "deflate": zlib.compress,
    "zstd": zstandard.compress, "lz4": lz4.frame.compress,
}  # fmt: skip


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_statement_that_decompresses_beyond_the_limit_is_refused(engine: Engine, encoding: str) -> None:
    body = PACK[encoding](b"SELECT 1 --" + b" " * (20 << 20))
    headers = {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "r", "Content-Encoding": encoding or "identity"}
    answer = urllib3.request("POST", engine.url, body=body, headers=headers, retries=False)
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (413, "307")
    assert b"longer than 4 MB, decompressed: send less at once" in answer.data


def test_a_statement_of_a_megabyte_is_read(engine: Engine) -> None:
    numbers = "5," + ",".join(str(10_000_000 + number) for number in range(40_000))
    answer = ask(engine, f"SELECT 5 IN ({numbers})", max_query_size=str(4 << 20))
    assert answer.data == b"1\n"
