"""Macros and variables of panels, replaced as Grafana and its ClickHouse plugin (pkg/macros/macros.go) do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_CALL: Final = re.compile(r"\$__(\w+)(?:\(([^()]*)\))?")
_VARIABLE: Final = re.compile(r"\$\{(\w+):sqlstring\}")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """What is chosen at the top of a dashboard, and the interval that Grafana derives from the panel's width."""

    from_s: int
    to_s: int
    interval_s: int

    def filter(self, column: str) -> str:
        return f"{column} >= toDateTime({self.from_s}) AND {column} <= toDateTime({self.to_s})"

    def filter_ms(self, column: str) -> str:
        start, end = (f"fromUnixTimestamp64Milli({1000 * at_s})" for at_s in (self.from_s, self.to_s))
        return f"{column} >= {start} AND {column} <= {end}"

    def filter_date(self, column: str) -> str:
        start, end = (f"toDate(toDateTime({at_s}, 'UTC'))" for at_s in (self.from_s, self.to_s))
        return f"{column} >= {start} AND {column} <= {end}"

    def interval(self, column: str) -> str:
        return f"toStartOfInterval(toDateTime({column}), INTERVAL {max(1, self.interval_s)} second)"


def expand_sql(sql: str, chosen: TimeRange, variables: Mapping[str, str]) -> str:
    """Return SQL that ClickHouse can run. Raises KeyError for an unknown macro or variable."""
    macros: dict[str, Callable[[str], str]] = {
        "timeFilter": chosen.filter,
        "timeFilter_ms": chosen.filter_ms,
        "dateFilter": chosen.filter_date,
        "timeInterval": chosen.interval,
        "fromTime": lambda _: f"toDateTime({chosen.from_s})",
        "toTime": lambda _: f"toDateTime({chosen.to_s})",
        "interval_s": lambda _: str(max(1, chosen.interval_s)),
    }
    expanded = _CALL.sub(lambda found: macros[found[1]](found[2] or ""), sql)
    return _VARIABLE.sub(lambda found: "'" + variables[found[1]].replace("'", "''") + "'", expanded)


def expand_promql(expression: str, chosen: TimeRange) -> str:
    """Return PromQL that Prometheus can run. Raises KeyError for an unknown macro."""
    window_s = max(4 * 15, chosen.interval_s + 15)  # $__rate_interval at a scrape interval of 15 s
    return re.sub(r"\$__(\w+)", lambda found: {"rate_interval": f"{window_s}s"}[found[1]], expression)
