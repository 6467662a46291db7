"""The kinds of panels: a figure, lines, bars over time, a ranking, a table."""

from typing import Final

from grafana_foundation_sdk.builders import bargauge, common, stat, timeseries
from grafana_foundation_sdk.builders import table as tables
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    GraphDrawStyle,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from deploy.grafana.queries import CLICKHOUSE, PROMETHEUS, Query, SqlQuery

# Grafana's grid has 24 columns; a row is about 30 pixels high.
WIDTH: Final = 24
FIGURE_HEIGHT: Final = 4
CHART_HEIGHT: Final = 8

Panel = stat.Panel | timeseries.Panel | bargauge.Panel | tables.Panel


def figure(title: str, description: str, query: Query, unit: str = "short", span: int = 6) -> stat.Panel:
    """Return one number; of a query over time, the last value."""
    reduced = common.ReduceDataOptions().calcs(["lastNotNull"]).values(False)
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(_source(query))
        .with_target(query)
        .unit(unit)
        .no_value("0")
        .color_mode(BigValueColorMode.NONE)
        .graph_mode(BigValueGraphMode.NONE)
        .reduce_options(reduced)
        .height(FIGURE_HEIGHT)
        .span(span)
    )


def lines(
    title: str, description: str, *queries: Query, unit: str = "short", interval: str = "1m", span: int = 12
) -> timeseries.Panel:
    """Return a line for each series; `interval` is the least distance of points, that of the data."""
    panel = _over_time(title, description, queries, unit, interval, span)
    return panel.draw_style(GraphDrawStyle.LINE).line_width(2).fill_opacity(0)


def bars(
    title: str, description: str, *queries: Query, unit: str = "short", interval: str = "1m", span: int = 12
) -> timeseries.Panel:
    """Return stacked bars over time."""
    panel = _over_time(title, description, queries, unit, interval, span)
    stacked = common.StackingConfig().mode(StackingMode.NORMAL).group("A")
    return panel.draw_style(GraphDrawStyle.BARS).line_width(0).fill_opacity(80).stacking(stacked)


def ranking(title: str, description: str, query: Query, unit: str = "short", span: int = 8) -> bargauge.Panel:
    """Return a horizontal bar for each row of a text and a number."""
    return (
        bargauge.Panel()
        .title(title)
        .description(description)
        .datasource(_source(query))
        .with_target(query)
        .unit(unit)
        .min(0)
        .orientation(VizOrientation.HORIZONTAL)
        .reduce_options(common.ReduceDataOptions().values(True).calcs([]))
        .height(CHART_HEIGHT)
        .span(span)
    )


def table(title: str, description: str, query: Query, span: int = 12) -> tables.Panel:
    """Return the rows as a table."""
    return (
        tables.Panel()
        .title(title)
        .description(description)
        .datasource(_source(query))
        .with_target(query)
        .show_header(True)
        .height(CHART_HEIGHT)
        .span(span)
    )


def _over_time(
    title: str, description: str, queries: tuple[Query, ...], unit: str, interval: str, span: int
) -> timeseries.Panel:
    legend = (
        common.VizLegendOptions()
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
        .show_legend(True)
    )
    tooltip = common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI)
    panel = (
        timeseries.Panel()
        .title(title)
        .description(description)
        .datasource(_source(queries[0]))
        .unit(unit)
        .min(0)
        .interval(interval)
        .legend(legend)
        .tooltip(tooltip)
        .height(CHART_HEIGHT)
        .span(span)
    )
    for query in queries:
        panel.with_target(query)
    return panel


def _source(query: Query) -> DataSourceRef:
    return CLICKHOUSE if isinstance(query, SqlQuery) else PROMETHEUS
