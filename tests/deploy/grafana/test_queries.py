"""Queries as the plugins store them."""

from deploy.grafana.queries import prometheus_query, series_query, table_query


def test_sql_is_stored_without_its_margin() -> None:
    found = series_query("""
        SELECT
            1 AS a
        FROM t
    """).to_json()
    assert found["rawSql"] == "SELECT\n    1 AS a\nFROM t"
    assert (found["format"], found["queryType"], found["editorType"]) == (0, "timeseries", "sql")


def test_a_table_has_another_format() -> None:
    found = table_query("SELECT 1").to_json()
    assert (found["format"], found["queryType"], found["refId"]) == (1, "table", "A")


def test_an_expression_has_a_legend_only_if_it_is_given() -> None:
    plain, named = (prometheus_query("up", legend).build().to_json() for legend in ("", "{{job}}"))  # type: ignore[attr-defined]
    assert "legendFormat" not in plain
    assert (named["legendFormat"], named["expr"], named["refId"]) == ("{{job}}", "up", "A")
