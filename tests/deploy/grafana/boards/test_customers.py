"""Every query of the dashboard, on the demo's rows, as a user that may only read."""

import pytest

from deploy.grafana.boards.customers import customers
from sinks.clickhouse.client import Client
from tests.deploy.grafana.board_checks import PanelQuery, check_sql, queries_of

QUERIES = list(queries_of(customers()))


@pytest.mark.parametrize("query", QUERIES, ids=[query.title for query in QUERIES])
def test_each_panel_has_its_columns_and_rows(grafana_reader: Client, query: PanelQuery) -> None:
    check_sql(grafana_reader, query)
