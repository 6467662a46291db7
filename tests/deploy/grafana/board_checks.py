"""Checks of every query of a dashboard: for each range and interval it runs, has the columns, and finds rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from grafana_foundation_sdk.builders.dashboard import Dashboard

from sinks.clickhouse.client import Client
from tests.deploy.grafana.demo_rows import END_MS
from tests.deploy.grafana.macros import TimeRange, expand_promql, expand_sql
from tests.deploy.served_metrics import check_names

RANGES_S: Final = (86_400, 7 * 86_400, 30 * 86_400)
INTERVALS_S: Final = (60, 3_600, 86_400)
VARIABLES: Final = {"tenant": "main", "half_life_days": "7"}
_NUMBER: Final = re.compile(r"(U?Int\d+|Float\d+|Decimal.*)")
_TEXT: Final = re.compile(r"(LowCardinality\()?String\)?")
_PLAIN: Final = re.compile(rf"{_NUMBER.pattern}|{_TEXT.pattern}|DateTime(64)?(\(.*\))?")


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """A query of a panel: PromQL, or SQL of the kind `timeseries` or `table`."""

    title: str
    kind: str
    text: str


def queries_of(content: Dashboard) -> Iterator[PanelQuery]:
    """Yield each query of each panel."""
    for panel in content.build().panels or []:
        for target in getattr(panel, "targets", None) or []:
            found = target.to_json()
            text = found.get("rawSql") or found["expr"]
            yield PanelQuery(panel.title or "", found.get("queryType", "promql"), text)


def ranges() -> list[TimeRange]:
    """Return each combination of a range that ends with the data and an interval."""
    end_s = END_MS // 1000
    return [TimeRange(end_s - range_s, end_s, interval_s) for range_s, interval_s in product(RANGES_S, INTERVALS_S)]


def check_sql(reader: Client, query: PanelQuery) -> None:
    """Run one query for all ranges; it must find rows in the longest."""
    for chosen in ranges():
        found = reader.query(expand_sql(query.text, chosen, VARIABLES))
        kinds = [str(kind.name) for kind in found.column_types]  # none if there are no rows
        if kinds and query.kind == "timeseries":
            check_series(list(found.column_names), kinds, found.result_rows)
        else:
            assert all(map(_PLAIN.fullmatch, kinds)), kinds
        if chosen.to_s - chosen.from_s == RANGES_S[-1]:
            assert found.result_rows, "no rows"


def check_series(names: list[str], kinds: list[str], rows: list[Any]) -> None:
    """A time first, then texts, then at least one number; times ascend."""
    assert names[0] == "time"
    assert kinds[0].startswith("DateTime"), kinds
    assert re.fullmatch(r"t*n+", "".join("n" if _NUMBER.fullmatch(kind) else "t" for kind in kinds[1:]))
    assert all(_NUMBER.fullmatch(kind) or _TEXT.fullmatch(kind) for kind in kinds[1:]), kinds
    times = [row[0] for row in rows]
    assert times == sorted(times)


def check_promql(query: PanelQuery) -> None:
    """Expand one expression; every metric in it must be served, with its labels."""
    check_names(expand_promql(query.text, ranges()[0]))
