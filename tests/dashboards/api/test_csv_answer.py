"""CSV by RFC 4180, read again by Python's reader, and without formulas."""

import csv
import io
from dataclasses import dataclass
from datetime import date

import pytest

from dashboards.api.csv_answer import write_csv, write_header


@dataclass(frozen=True)
class Inner:
    net: float


@dataclass(frozen=True)
class Line:
    name: str
    score: Inner
    by: dict[str, int]
    seen: int | None = None
    hot: bool = True


def cells(*rows: Line) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(write_csv(rows).decode(), newline="")))


def test_nested_values_are_columns_and_tables_json() -> None:
    (found,) = cells(Line('a "b"\r\nc, d', Inner(-1.5), {"visits": 2}))
    assert found == {"name": 'a "b"\r\nc, d', "score.net": "-1.5", "by": '{"visits":2}', "seen": "", "hot": "true"}


def test_a_day_is_written_as_iso_8601() -> None:
    @dataclass(frozen=True)
    class Day:
        day: date

    assert write_csv([Day(date(2026, 12, 1))]) == b"day\r\n2026-12-01\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    (found,) = cells(Line(text, Inner(0), {}))
    assert found["name"] == f"'{text}"


def test_lines_end_as_the_format_demands() -> None:
    assert write_csv([Line("a", Inner(1), {})]).count(b"\r\n") == 2
    assert write_csv([]) == b""
    assert write_header(Line) == b"name,score.net,by,seen,hot\r\n"


def test_only_dataclasses_are_rows() -> None:
    with pytest.raises(TypeError, match="a row of CSV is a dataclass, not str"):
        write_csv(["a"])
