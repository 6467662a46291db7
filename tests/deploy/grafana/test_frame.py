"""What all dashboards have in common."""

from deploy.grafana.frame import TENANTS, make_board, tenant
from deploy.grafana.panels import figure
from deploy.grafana.queries import table_query
from sinks.clickhouse.client import Client


def test_a_board_has_a_row_for_each_section() -> None:
    sections = [("One", [figure("A", "a", table_query("SELECT 1"))]), ("Two", [])]
    built = make_board("x", "title", "What it shows.", sections, "now-1h").build()
    assert (built.uid, built.title) == ("touchline-x", "Touchline: title")
    assert [panel.title for panel in built.panels or []] == ["One", "A", "Two"]
    assert built.time is not None
    assert built.time.from_val == "now-1h"


def test_tenants_are_read_from_the_store(grafana_reader: Client) -> None:
    assert tenant().build().query == TENANTS
    assert ("main",) in grafana_reader.query(TENANTS).result_rows
