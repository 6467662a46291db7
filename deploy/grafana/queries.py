"""The queries of panels: SQL for the ClickHouse plugin, PromQL for Prometheus."""

from dataclasses import dataclass
from typing import Final, cast

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef

# The uids of `provisioning/datasources/touchline.yaml`.
CLICKHOUSE: Final = DataSourceRef(type_val="grafana-clickhouse-datasource", uid="touchline-clickhouse")
PROMETHEUS: Final = DataSourceRef(type_val="prometheus", uid="touchline-prometheus")
PLUGIN_VERSION: Final = "4.15.0"
Query = Builder[Dataquery]
# Restricts a query to the tenant that is chosen at the top of the dashboard.
TENANT: Final = "tenant = ${tenant:sqlstring}"


@dataclass(frozen=True, slots=True)
class SqlQuery(Dataquery, Builder[Dataquery]):
    """SQL with the plugin's macros. A `series` has a time column, any number of texts, and numbers.

    The SDK has no type for the plugin's queries; the fields are those of `CHSqlQuery` in its src/types/sql.ts.
    """

    sql: str
    series: bool
    ref_id: str = "A"

    def build(self) -> "SqlQuery":
        """Return the query: it is its own builder."""
        return self

    def to_json(self) -> dict[str, object]:
        """Return the query as the plugin stores it."""
        return {
            "datasource": CLICKHOUSE.to_json(),
            "editorType": "sql",
            "format": 0 if self.series else 1,
            "pluginVersion": PLUGIN_VERSION,
            "queryType": "timeseries" if self.series else "table",
            "rawSql": self.sql,
            "refId": self.ref_id,
        }


def series_query(sql: str) -> SqlQuery:
    """Return a query whose first column is a time."""
    return SqlQuery(_indented(sql), True)


def table_query(sql: str) -> SqlQuery:
    """Return a query whose rows are shown as they are."""
    return SqlQuery(_indented(sql), False)


def prometheus_query(expression: str, legend: str = "", ref_id: str = "A") -> Query:
    """Return a query of Prometheus over the dashboard's time range. `legend` may hold labels: `{{stage}}`."""
    query = prometheus.Dataquery().expr(expression).datasource(PROMETHEUS).range().ref_id(ref_id)
    return cast(Query, query.legend_format(legend) if legend else query)


def _indented(sql: str) -> str:
    lines = sql.strip("\n").splitlines()
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[margin:].rstrip() for line in lines).strip()
