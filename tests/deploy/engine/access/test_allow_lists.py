"""No read-only user can reach the server's data, other users, files or the network."""

from pathlib import Path

import pytest

from tests.deploy.engine.access.reader_queries import SECRET, ask
from tests.deploy.engine.engine_processes import Engine, Start

pytestmark = pytest.mark.usefixtures("shop_tables")


@pytest.mark.parametrize(
    "sql",
    ["SHOW PROCESSLIST", "SELECT query FROM system.processes", "SELECT * FROM system.users", "SHOW GRANTS",
     "SELECT 1 IN system.users", "SELECT * FROM system.query_cache", "SELECT * FROM system.disks", "SHOW MERGES",
     "SELECT * FROM system.server_settings", "SELECT hostName()", "SELECT fqdn()",
     "SELECT getMacro('a')", "SELECT tcpPort()",
     "SELECT getClientHTTPHeader('Authorization')", "DESCRIBE system.processes", "SHOW USERS", "SHOW CREATE USER a",
     "SELECT dictGet('a', 'b', 1)", "SELECT * FROM system.stack_trace", "SHOW CLUSTERS", "CHECK TABLE kept",
     "DESCRIBE FILESYSTEM CACHE 'x'", "EXPLAIN INSERT INTO kept SELECT 1, 'b'", "EXPLAIN CREATE TABLE x (a Int8)"],
)  # fmt: skip
def test_the_server_and_other_users_are_closed(engine: Engine, sql: str) -> None:
    for database in ("shop", "system"):
        assert ask(engine, sql, database=database).headers.get("X-ClickHouse-Exception-Code") == "164"


def test_the_name_of_the_server_is_not_that_of_the_machine(engine: Engine) -> None:
    answer = ask(engine, "SELECT displayName()")
    assert answer.data == b"engine\n"
    assert answer.headers["X-ClickHouse-Server-Display-Name"] == "engine"


@pytest.mark.parametrize("table", ["processes", "users", "query_cache"])
@pytest.mark.parametrize("form", ["SELECT * FROM {}", "SELECT 1 IN {}", "DESCRIBE {}", "EXISTS {}"])
def test_a_bare_name_is_checked_in_its_database(engine: Engine, form: str, table: str) -> None:
    assert ask(engine, form.format(table), database="system").headers.get("X-ClickHouse-Exception-Code") == "164"


def test_a_user_whose_database_is_missing_queries_system(start: Start, tmp_path: Path) -> None:
    engine = start(tmp_path / "data")
    assert ask(engine, "SELECT currentDatabase()").data == b"system\n"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM file('{file}', LineAsString)",
        "SELECT file('{file}')",
        "SELECT `file`('{file}')",
        "SELECT \"file\" ( '{file}' )",
        "SELECT “file”('{file}')",
        "SELECT `fi\\x6ce`('{file}')",
        "SELECT \"\\x66ile\"('{file}')",
        "SELECT file/* */('{file}')",
        "SELECT file -- \n ('{file}')",
        "SELECT arrayMap(file, ['{file}'])",
        "SELECT arrayMap(x -> file(x), ['{file}'])",
        "SELECT arrayMap({{f:Identifier}}, ['{file}'])",
        "SELECT arrayMap({{ f /* */ : Identifier }}, ['{file}'])",
        "SELECT * APPLY(file) FROM (SELECT '{file}')",
        "SELECT * APPLY file FROM (SELECT '{file}')",
        "WITH (SELECT file('{file}')) AS x SELECT x",
        "WITH x AS (SELECT * FROM file('{file}', LineAsString)) SELECT * FROM x",
        "SELECT * FROM (SELECT * FROM (SELECT * FROM file('{file}', LineAsString)))",
        "SELECT 1 WHERE file('{file}') = '{secret}'",
        "EXPLAIN SELECT file('{file}')",
        "DESCRIBE TABLE file('{file}')",
        "SELECT /* /* */ ' */ file('{file}') --'",
        "SELECT /*/ */ ' /*/ file('{file}') -- '",
        "SELECT $a$ ' $a$, file('{file}') --'",
        "SELECT 1 # '\n, file('{file}') --'",
        "SELECT 'it''s', file('{file}')",
        "SELECT 'a\\'', file('{file}') --'",
        "SELECT * FROM '{file}'",
        "SELECT * FROM `{file}`",
        "SELECT * FROM default.`{file}`",
        "SELECT * FROM {{t:Identifier}}",
        "DESC `{file}`",
        "SELECT * FROM filesystem('{file}')",
        "SELECT * FROM merge('default', '.*secret.*')",
        "SELECT * FROM eval('SELECT file(''{file}'')')",
        "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT file('{file}')))",
        "SELECT * FROM python(x)",
        "SELECT * FROM Python(x)",
        "SELECT * FROM executable('cat {file}', TSV, 'a String')",
        "SELECT * FROM url('file://{file}', LineAsString)",
        "SELECT * FROM URL('http://127.0.0.1:1/', LineAsString)",
        "SELECT * FROM s3('http://127.0.0.1:1/x', LineAsString)",
        "SELECT * FROM remote('127.0.0.1:1', system.one)",
        "SELECT * FROM remoteSecure('127.0.0.1:1', system.one)",
        "SELECT * FROM cluster('default', system.one)",
        "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM sqlite('{file}', 'a')",
        "SELECT * FROM jdbc('a', 'b')",
        "SELECT * FROM odbc('a', 'b', 'c')",
        "SELECT * FROM input('a String')",
        "SELECT * FROM mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'e String')",
        "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')",
        "SELECT aiGenerate('x')",
    ],
)
def test_nothing_reaches_outside(engine: Engine, secret: Path, sql: str) -> None:
    filled = sql.format(file=secret, secret=SECRET)
    answer = ask(engine, filled, param_f="file", param_t=str(secret))
    assert answer.status >= 400
    assert SECRET.encode() not in answer.data


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 INTO OUTFILE '{}'",
        "SHOW TABLES INTO/**/OUTFILE '{}'",
        "EXPLAIN SELECT 1 INTO OUTFILE '{}'",
        "(SELECT 1) into outfile '{}' format CSV",
    ],
)
def test_nothing_is_written_to_a_file(engine: Engine, tmp_path: Path, sql: str) -> None:
    assert ask(engine, sql.format(tmp_path / "out")).status >= 400
    assert not (tmp_path / "out").exists()
