"""A read-only user can read the engine, and neither change it nor reach outside."""

import re
from pathlib import Path

import pytest

from tests.deploy.engine.access.reader_queries import ask
from tests.deploy.engine.engine_processes import ROOT, Engine

pytestmark = pytest.mark.usefixtures("shop_tables")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM kept",
        "-- why\nSELECT name /* or */ FROM kept;",
        "(SELECT name FROM kept) UNION ALL (SELECT name FROM kept)",
        "WITH all AS (SELECT * FROM kept) SELECT count() FROM all",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n",
        "SELECT number FROM numbers(3) WHERE number IN (SELECT id FROM kept)",
        "SELECT 'INSERT INTO t; file(''/etc/passwd'') INTO OUTFILE'",
        "SELECT format('{}-{}', id, `name`), \"name\" FROM shop.kept FORMAT JSON",
        "SELECT id, row_number() OVER (ORDER BY id) AS r FROM kept QUALIFY r = 1",
        "SELECT id FROM kept WHERE (id = 1)",
        "SELECT windowFunnel(10)(toUInt64(id), (id = 1), ((id = 2) AND (1))) FROM kept WHERE ((id > 0)) AND (1)",
        "SHOW TABLES",
        "SHOW CREATE TABLE kept",
        "DESCRIBE TABLE kept",
        "DESC (SELECT 1)",
        "EXPLAIN SELECT * FROM kept",
        "EXISTS TABLE kept",
        "SELECT count() FROM view(SELECT 1)",
        "SELECT 'ü' AS `größe`",
        "SELECT id AS `requests.count`, url FROM (SELECT id, name AS url FROM kept)",
        "SELECT lower(name) AS file_name FROM kept # a comment\n",
        "SELECT * FROM kept ARRAY JOIN [1, 2] AS n",
        "SELECT * REPLACE(id + 1 AS id) FROM kept",
        "SELECT COLUMNS('na') APPLY(upper) FROM kept",
        "SELECT id IN kept_ids FROM kept",
        "SELECT n FROM named(wanted = 'a')",
        "SELECT n FROM shop.named(wanted = 'a')",
        "SELECT 1 = ANY (SELECT id FROM kept), $a$ it's $a$",
        "SELECT CAST(id, 'String'), id::Nullable(String), CAST(id AS Array(UInt8)) FROM (SELECT '[1]' AS id)",
        "SELECT sum(id) OVER w FROM kept WINDOW w AS (PARTITION BY name) ORDER BY 1 WITH FILL",
        "SELECT id FROM kept INTERSECT SELECT 1",
        "EXISTS VIEW named",
        "SHOW CREATE VIEW shop.named",
        "EXISTS DATABASE shop",
        "SHOW CREATE DATABASE shop",
        "DESCRIBE TABLE shop.kept FORMAT JSON",
        "DESCRIBE numbers(3)",
        "EXPLAIN AST SELECT 1",
        "EXPLAIN PLAN indexes = 1 SELECT * FROM kept WHERE id = 1",
        "EXPLAIN QUERY TREE SELECT * FROM kept",
    ],
)
def test_reading_is_allowed(engine: Engine, sql: str) -> None:
    answer = ask(engine, sql)
    assert answer.status == 200, answer.data


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        # clickhouse-connect, on connecting and on inserting
        ("SELECT version(), timezone()", None),
        ("SELECT name, value, readonly as readonly FROM system.settings", None),
        ("DESCRIBE TABLE `shop`.`kept`", None),
        # Grafana's data source: https://github.com/grafana/clickhouse-datasource
        ("SELECT 1", b"1\n"),
        ("SHOW DATABASES", b"shop\n"),
        ("SHOW TABLES FROM \"shop\"", b"kept\nkept_ids\nnamed\n"),
        ("DESC TABLE \"shop\".\"kept\"", None),
        ("SELECT DISTINCT name, table, type FROM system.columns WHERE database = 'shop' AND name = 'name'",
         b"name\tkept\tString\n"),
        ("SELECT name FROM system.functions WHERE name = 'lower' LIMIT 1", b"lower\n"),
        # DBeaver and Metabase by JDBC
        ("SELECT name FROM system.databases ORDER BY name", b"shop\n"),
        ("SELECT database, name, engine FROM system.tables WHERE name = 'kept'", b"shop\tkept\tMergeTree\n"),
        ("SELECT table_schema, table_name FROM information_schema.tables WHERE table_name = 'kept'", b"shop\tkept\n"),
        ("SELECT column_name FROM INFORMATION_SCHEMA.COLUMNS WHERE table_schema = 'shop' AND table_name = 'kept_ids'",
         b"id\n"),
        ("SELECT name FROM system.data_type_families WHERE name = 'UUID'", b"UUID\n"),
        ("SHOW COLUMNS FROM kept FROM shop LIKE 'id'", None),
        ("SHOW INDEX FROM kept", None),
        ("SHOW SETTINGS LIKE 'max_threads'", None),
        ("SHOW FUNCTIONS LIKE 'lower'", None),
        # this project's own
        ("SELECT table, sum(rows) FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table",
         b"kept\t1\n"),
    ],
)  # fmt: skip
def test_queries_of_clients_are_answered(engine: Engine, sql: str, expected: bytes | None) -> None:
    answer = ask(engine, sql)
    assert answer.status == 200, answer.data
    assert answer.data if expected is None else answer.data == expected


@pytest.mark.parametrize("query", sorted((ROOT / "dashboards" / "queries").glob("*.sql")), ids=lambda file: file.name)
def test_the_queries_of_the_dashboards_are_allowed(engine: Engine, query: Path) -> None:
    # Comments such as /* steps */ stand for conditions that the answer puts in.
    answer = ask(engine, re.sub(r"/\* (window|steps|any step) \*/", "1", query.read_text("utf-8")))
    # They lack parameters and tables here, which gives other codes than 81 or 164, those of a refused read.
    assert answer.headers.get("X-ClickHouse-Exception-Code") in (None, "456", "60", "47"), answer.data


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO kept VALUES (2, 'b')",
        "INSERT INTO kept SELECT * FROM kept",
        "WITH 1 AS x INSERT INTO kept SELECT x, 'b'",
        "CREATE TABLE other (a Int8) ENGINE = Memory",
        "CREATE TEMPORARY TABLE other (a Int8)",
        "CREATE FUNCTION f AS x -> x",
        "DROP TABLE kept",
        "TRUNCATE TABLE kept",
        "ALTER TABLE kept DELETE WHERE 1",
        "DELETE FROM kept WHERE 1",
        "OPTIMIZE TABLE kept FINAL",
        "SYSTEM FLUSH LOGS",
        "SET readonly = 0",
        "USE system",
        "KILL QUERY WHERE 1",
        "GRANT ALL ON *.* TO reader",
        "BACKUP TABLE kept TO File('/tmp/b')",
        "ATTACH TABLE kept",
        "SELECT 1; DROP TABLE kept",
        "SELECT 1;; INSERT INTO kept VALUES (2, 'b')",
        "/* SELECT */ DROP TABLE kept",
        "-- SELECT\nDROP TABLE kept",
        "EXPLAIN SELECT 1; DROP TABLE kept",
        "SELECT '\\'; DROP TABLE kept; --'; DROP TABLE kept",
        "SELECT * FROM kept SETTINGS readonly = 0",
        "SELECT * FROM kept SETTINGS max_result_rows = 7",
        "1",
        ";",
        "/*",
    ],
)
def test_statements_that_change_are_refused(engine: Engine, sql: str) -> None:
    answer = ask(engine, sql)
    assert answer.status >= 400
    assert ask(engine, "SELECT count(), any(name) FROM shop.kept").data == b"1\ta\n"
    assert ask(engine, "SELECT count() FROM system.tables WHERE name = 'other'").data == b"0\n"
