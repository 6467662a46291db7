"""What all dashboards have in common: identity, time range, tenant, links to each other."""

from collections.abc import Iterable
from typing import Final

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    VariableOption,
    VariableRefresh,
)

from deploy.grafana.panels import Panel
from deploy.grafana.queries import CLICKHOUSE

TAG: Final = "touchline"
Section = tuple[str, Iterable[Panel]]
TENANTS: Final = "SELECT DISTINCT tenant FROM touches_by_day ORDER BY tenant"


def make_board(
    name: str, title: str, description: str, sections: Iterable[Section], since: str = "now-7d"
) -> dashboard.Dashboard:
    """Return a dashboard; `name` is the end of its uid, `since` the start of its first time range."""
    board = (
        dashboard.Dashboard(f"Touchline: {title}")
        .uid(f"touchline-{name}")
        .description(description)
        .tags([TAG])
        .time(since, "now")
        .timezone("browser")
        .refresh("1m")
        .readonly()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .link(
            dashboard.DashboardLink("Touchline")
            .type(DashboardLinkType.DASHBOARDS)
            .tags([TAG])
            .as_dropdown(True)
            .keep_time(True)
            .include_vars(True)
        )
    )
    for heading, panels in sections:
        board.with_row(dashboard.Row(heading))
        for panel in panels:
            board.with_panel(panel)
    return board


def tenant() -> dashboard.QueryVariable:
    """Return the choice of the tenant, by default `main`."""
    return (
        dashboard.QueryVariable("tenant")
        .label("Tenant")
        .datasource(CLICKHOUSE)
        .query(TENANTS)
        .current(VariableOption(text="main", value="main"))
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
    )
