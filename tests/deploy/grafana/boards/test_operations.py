"""Every expression of the dashboard names metrics that workers and collectors serve."""

import pytest

from deploy.grafana.boards.operations import operations
from tests.deploy.grafana.board_checks import PanelQuery, check_promql, queries_of

QUERIES = list(queries_of(operations()))


@pytest.mark.parametrize("query", QUERIES, ids=[f"{query.title} {number}" for number, query in enumerate(QUERIES)])
def test_each_metric_is_served(query: PanelQuery) -> None:
    check_promql(query)
