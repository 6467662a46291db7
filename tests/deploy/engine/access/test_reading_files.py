"""A read-only user learns neither the content nor the existence of a file on the machine."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deploy.engine.engine_processes import Engine
from tests.scale import scaled
from tests.tables import table

HTTP = urllib3.PoolManager()
SECRET = "for-its-owner-alone"
# {t} is the name of a table, {q} the path as a string, {d} the database before it as a string.
STATEMENTS = (
    "SELECT * FROM {t}", "SELECT * FROM {t} AS t FINAL", "SELECT count() FROM {t}", "FROM {t} SELECT *", "TABLE {t}",
    "SELECT t.* FROM {t} AS t", "SELECT {t}.* FROM {t}", "SELECT {t}.c1 FROM system.one", "SELECT {t} FROM system.one",
    "SELECT 1 UNION ALL SELECT count() FROM {t}", "(SELECT 1) EXCEPT (SELECT 1 FROM {t})",
    "SELECT * FROM shop.kept JOIN {t} AS u ON 1", "SELECT * FROM shop.kept, {t}", "SELECT * FROM (SELECT * FROM {t})",
    "WITH x AS (SELECT * FROM {t}) SELECT * FROM x", "WITH (SELECT count() FROM {t}) AS x SELECT x",
    "WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i FROM x, {t}) SELECT * FROM x",
    "SELECT 1 IN {t}", "SELECT 'a' IN ({t})", "SELECT 1 NOT IN (SELECT 1 FROM {t})", "SELECT 1 GLOBAL IN {t}",
    "SELECT nullIn(1, {t})", "SELECT EXISTS(SELECT 1 FROM {t})", "SELECT 1 = ANY (SELECT 1 FROM {t})",
    "SELECT arrayMap(x -> x IN {t}, ['a'])", "SELECT * APPLY(x -> x IN {t}) FROM shop.kept",
    "SELECT 1 ORDER BY (SELECT 1 FROM {t})", "SELECT 1 LIMIT (SELECT count() FROM {t})",
    "SELECT joinGet({t}, 'c1', 1)", "SELECT joinGet({q}, 'c1', 1)",
    "SELECT joinGetOrNull(concat('default.', {q}), 'c1', 1)",
    "SELECT dictGet({t}, 'c1', 1)", "SELECT dictGet({q}, 'c1', 1)", "SELECT dictHas({q}, 1)", "SELECT file({q})",
    "SELECT hasColumnInTable({d}, {q}, 'c1')", "SELECT arrayMap(file, [{q}])",
    "SELECT * APPLY(file) FROM (SELECT {q})",
    "SELECT * FROM merge({d}, {q})", "SELECT * FROM merge({q})", "SELECT * FROM view(SELECT * FROM {t})",
    "SELECT * FROM loop({t})", "SELECT * FROM loop({d}, {q})", "SELECT * FROM remote('127.0.0.1', {t})",
    "SELECT * FROM cluster('default', {t})", "SELECT * FROM numbers((SELECT count() FROM {t}))",
    "SELECT * FROM file({q})", "SELECT * FROM dictionary({q})", "SELECT * FROM mergeTreeIndex({d}, {q})",
    "SELECT * FROM (EXPLAIN SELECT * FROM {t})", "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1 FROM {t}))",
    "SELECT * FROM eval('SELECT 1')", "SELECT * FROM executable({q}, TSV, 'a String')",
    "SELECT * FROM sqlite({q}, 'a')",
    "EXISTS {t}", "EXISTS TABLE {t}", "EXISTS VIEW {t}", "EXISTS DICTIONARY {t}", "EXISTS TEMPORARY TABLE {t}",
    "EXISTS DATABASE {t}", "DESCRIBE {t}", "DESC TABLE {t} FORMAT JSON", "DESCRIBE (SELECT * FROM {t})",
    "DESCRIBE file({q})", "SHOW CREATE {t}", "SHOW CREATE TABLE {t}", "SHOW CREATE VIEW {t}",
    "SHOW CREATE DICTIONARY {t}",
    "SHOW TABLE {t}", "SHOW CREATE DATABASE {t}", "SHOW TABLES FROM {t}", "SHOW TABLES WHERE name = file({q})",
    "SHOW COLUMNS FROM {t}", "SHOW FULL COLUMNS FROM {t} LIKE '%'", "SHOW INDEX FROM {t}", "SHOW KEYS FROM {t}",
    "SHOW COLUMNS FROM shop.kept WHERE field IN {t}", "CHECK TABLE {t}", "USE {t}", "ATTACH TABLE {t}",
    "EXPLAIN SELECT * FROM {t}", "EXPLAIN AST SELECT * FROM {t}", "EXPLAIN SYNTAX SELECT * FROM {t}",
    "EXPLAIN QUERY TREE SELECT * FROM {t}", "EXPLAIN PIPELINE SELECT * FROM {t}", "EXPLAIN ESTIMATE SELECT * FROM {t}",
    "EXPLAIN TABLE OVERRIDE {t} COLUMNS (a Int8)", "EXPLAIN INSERT INTO {t} SELECT 1", "CREATE TABLE a AS {t}",
    "SELECT * FROM system.tables WHERE name = {q}",
    "SELECT name FROM system.tables WHERE database = {d} AND name = {q}",
    "SELECT * FROM system.columns WHERE table = {q}",
    "SELECT * FROM system.columns WHERE database = {d} AND table = {q}",
    "SELECT * FROM information_schema.tables WHERE table_schema = {d} AND table_name = {q}",
    "SELECT * FROM information_schema.columns WHERE table_schema = {d} AND table_name = {q}",
    "SELECT 1 SETTINGS additional_table_filters = {{}}", "SELECT 1 SETTINGS implicit_table_at_top_level = {q}",
    "SELECT 1 INTO OUTFILE {q}", "SELECT 1 FORMAT Template SETTINGS format_template_row = {q}",
)  # fmt: skip
DATABASES = (
    "", "default", "shop", "system", "information_schema", "DEFAULT", "_temporary_and_external_tables", "nowhere",
)  # fmt: skip
SPACES = (" ", "\n", "\t", "/* */", "/* /* ` */ */ ", "-- '\n", '#! "\n', "\u00a0", "\u3000")
QUOTES = (
    lambda name: f"`{name}`",
    lambda name: f'"{name}"',
    lambda name: "`" + name.replace("/", "\\x2f") + "`",
    lambda name: '"' + name.replace("/", "\\/") + '"',
    lambda name: f"\u201c{name}\u201d",
    lambda name: name,
    lambda name: f"'{name}'",
    lambda name: f"$a${name}$a$",
    lambda name: "{name:Identifier}",
)


@dataclass(frozen=True)
class Files:
    """A folder with an existing file, and the name of a missing one."""

    here: str
    missing: str


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("files")
    for name in ("kaaa", "kaaa.csv", "kaaa.json"):
        (folder / name).write_text(f'{{"{SECRET}": 1}}\n')
    return Files(str(folder / "kaaa"), str(folder / "kbbb"))


@pytest.fixture(scope="module", autouse=True)
def _table(engine: Engine) -> None:
    writer = engine.client()
    writer.command("CREATE TABLE kept (id UInt8, name String) ENGINE = MergeTree ORDER BY id")
    writer.close()


def ask(engine: Engine, sql: str, user: str = "reader", **parameters: str) -> tuple[int, bytes]:
    headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": {"reader": "r", "writer": "w:ö'"}[user].encode()}
    answer = HTTP.request(
        "POST", f"{engine.url}?{urlencode(parameters)}", body=sql.encode(), headers=headers, retries=False, timeout=20
    )
    return answer.status, answer.data


def statement(template: str, path: str, database: str, quotes: tuple[int, int], space: str, dot: str) -> str:
    quoted = QUOTES[quotes[0]](database) + dot if database else ""
    words = template.format(t=quoted + QUOTES[quotes[1]](path), q=f"'{path}'", d=f"'{database or 'default'}'")
    return space.join(words.split(" "))


@settings(max_examples=scaled(400), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    template=st.sampled_from(STATEMENTS),
    database=st.sampled_from(DATABASES),
    current=st.sampled_from(DATABASES),
    quotes=st.tuples(st.integers(0, len(QUOTES) - 1), st.integers(0, len(QUOTES) - 1)),
    space=st.sampled_from(SPACES),
    dot=st.sampled_from((".", " . ", "./* */")),
    ending=st.sampled_from(("", ".csv", ".json")),
)
def test_a_file_and_a_missing_file_get_the_same_answer(
    engine: Engine, files: Files, template: str, database: str, current: str, quotes: tuple[int, int], space: str,
    dot: str, ending: str,
) -> None:  # fmt: skip
    answers = []
    for path in (files.here, files.missing):
        sql = statement(template, path + ending, database, quotes, space, dot)
        where = {"database": current} if current else {}
        status, data = ask(engine, sql, param_name=path + ending, **where)
        assert SECRET.encode() not in data
        answers.append((status, data.replace(Path(path).name.encode(), b"FILE")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("current", ["default", "shop", ""])
@pytest.mark.parametrize("database", ["", "default"])
@table("template", STATEMENTS)
def test_no_statement_discloses_a_file(
    engine: Engine, files: Files, template: str, current: str, database: str
) -> None:
    answers = []
    for path in (files.here, files.missing):
        sql = statement(template, path, database, (0, 0), " ", ".")
        status, data = ask(engine, sql, **({"database": current} if current else {}))
        assert SECRET.encode() not in data
        answers.append((status, data.replace(Path(path).name.encode(), b"FILE")))
    assert answers[0] == answers[1]


def test_a_file_that_a_writer_opened_stays_hidden(engine: Engine, files: Files) -> None:
    path = files.here + ".csv"
    assert ask(engine, f"SELECT count() FROM default.`{path}`", "writer")[0] == 200
    for sql in (
        f"SELECT * FROM default.`{path}`",
        "SELECT database, name FROM system.tables WHERE database = 'default'",
        "SELECT table, name FROM system.columns WHERE database = 'default'",
        "SELECT name FROM system.databases WHERE name = 'default'",
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'default'",
        "SHOW TABLES FROM default",
        f"SHOW COLUMNS FROM `{path}` FROM default",
        "SHOW DATABASES LIKE 'default'",
    ):
        assert path.encode() not in ask(engine, sql)[1].replace(sql.encode(), b"")
        assert ask(engine, sql)[1] == b"" or ask(engine, sql)[0] >= 400, sql


def test_the_existence_of_a_database_is_not_disclosed(engine: Engine) -> None:
    hidden, missing = ask(engine, "SELECT 1", database="default"), ask(engine, "SELECT 1", database="nowhere")
    assert hidden[0] == missing[0] == 404
    assert hidden[1].replace(b"default", b"nowhere") == missing[1]
