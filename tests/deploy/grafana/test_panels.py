"""Panels of each kind."""

from deploy.grafana.panels import bars, figure, lines, ranking, table
from deploy.grafana.queries import CLICKHOUSE, PROMETHEUS, prometheus_query, series_query, table_query


def test_each_kind_is_a_panel_of_grafana() -> None:
    sql, over_time = table_query("SELECT 1"), series_query("SELECT now() AS time, 1")
    made = (figure("A", "a", sql), lines("B", "b", over_time), bars("C", "c", over_time), ranking("D", "d", sql))
    assert [panel.build().type_val for panel in made] == ["stat", "timeseries", "timeseries", "bargauge"]
    assert table("E", "e", sql).build().type_val == "table"


def test_the_data_source_follows_from_the_query() -> None:
    assert figure("A", "a", table_query("SELECT 1")).build().datasource == CLICKHOUSE
    assert figure("A", "a", prometheus_query("up")).build().datasource == PROMETHEUS


def test_lines_have_a_least_interval_and_all_queries() -> None:
    built = lines("A", "a", prometheus_query("up"), prometheus_query("up", ref_id="B"), interval="1h").build()
    assert built.interval == "1h"
    assert len(built.targets or []) == 2
