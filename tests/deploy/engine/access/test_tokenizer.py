"""Tokens, the start of an INSERT's data, and the format of a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.engine.access.tokenizer import read_insert, result_format, tokens


@pytest.mark.parametrize(
    ("sql", "head", "form", "data"),
    [
        (b"INSERT INTO t FORMAT Native\n\t \n", b"INSERT INTO t ", "Native", b"\t \n"),
        (b"insert into t format CSV 1,2", b"insert into t ", "CSV", b"1,2"),
        (b"INSERT INTO t FORMAT CSV;\r\n1,2", b"INSERT INTO t ", "CSV", b"1,2"),
        (b"INSERT INTO t (a, b) VALUES (1, 2)", b"INSERT INTO t (a, b) ", "Values", b" (1, 2)"),
        (b"INSERT INTO t (format, values) VALUES (1, 2)", b"INSERT INTO t (format, values) ", "Values", b" (1, 2)"),
        (b"INSERT INTO db.values VALUES (1)", b"INSERT INTO db.values ", "Values", b" (1)"),
        (b"INSERT INTO `format x` FORMAT TSV\nFORMAT", b"INSERT INTO `format x` ", "TSV", b"FORMAT"),
        (b"/* FORMAT A */INSERT INTO t-- VALUES\nFORMAT B\n1", b"/* FORMAT A */INSERT INTO t-- VALUES\n", "B", b"1"),
        (b"INSERT INTO t SETTINGS s='FORMAT A' FORMAT B\n\xff", b"INSERT INTO t SETTINGS s='FORMAT A' ", "B", b"\xff"),
        (b"INSERT INTO t;\n", b"INSERT INTO t", None, b""),
    ],
)  # fmt: skip
def test_the_data_of_an_insert_is_found(sql: bytes, head: bytes, form: str | None, data: bytes) -> None:
    insert = read_insert(sql)
    assert insert is not None
    assert (insert.head, insert.format, sql[insert.data_at :], insert.selects) == (head, form, data, False)


@pytest.mark.parametrize(
    ("sql", "call"),
    [
        (b"INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV\n1", b"input("),
        (b"INSERT INTO t SELECT a FROM INPUT /* s */ ('a Int8') FORMAT CSV\n1", b"INPUT /* s */ ("),
        (b"WITH 1 AS x INSERT INTO t SELECT x, a FROM input('a Int8') FORMAT CSV\n1", b"input("),
        (b"INSERT INTO t (SELECT 'input(' FROM u)", None),
        (b"INSERT INTO t WITH x AS (SELECT 1) SELECT * FROM x", None),
    ],
)
def test_an_insert_may_select(sql: bytes, call: bytes | None) -> None:
    insert = read_insert(sql)
    assert insert is not None
    assert insert.selects
    assert (insert.head[slice(*insert.structure_at)] if insert.structure_at else None) == call


@pytest.mark.parametrize(
    ("sql", "form"),
    [
        (b"SELECT 1", ""),
        (b"SELECT 1 FORMAT JSON;", "JSON"),
        (b"SELECT format('{}', 1) AS format", ""),
        (b"SELECT * FROM (SELECT 1 FORMAT CSV)", ""),
        (b"(SELECT 1) FORMAT CSV", "CSV"),
        (b"SHOW TABLES FORMAT TSV -- FORMAT CSV", "TSV"),
        (b"WITH 1 AS x INSERT INTO t SELECT x", None),
        (b"CREATE TABLE t AS SELECT 1", None),
        (b"", None),
    ],
)
def test_the_format_of_a_result(sql: bytes, form: str | None) -> None:
    assert result_format(sql) == form


@given(st.binary(max_size=200))
def test_tokens_and_the_gaps_between_them_are_the_whole_text(sql: bytes) -> None:
    at = 0
    for token in tokens(sql, comments=True):
        assert sql[at : token.start].strip(b" \t\n\r\f\v") == b""
        assert sql[token.start : token.end] == token.text != b""
        at = token.end
    assert sql[at:].strip(b" \t\n\r\f\v") == b""


@given(st.text())
def test_a_quoted_string_is_one_token(text: str) -> None:
    quoted = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    assert [token.kind for token in tokens(f"SELECT {quoted}".encode())] == ["word", "string"]
