"""The figures of the live view, read from the worker's /metrics."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.channels import CHANNELS
from touchline.local.system import LocalSystem
from touchline.ops.metrics_scrape import samples_if_any

_TOUCHES: Final = "touchline_touches_total"


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals and rates by channel, and records waiting by topic."""

    totals: dict[str, int]
    per_s: dict[str, float]
    duplicates: int
    rejected: int
    stored: int
    lag: dict[str, int]


@dataclass(slots=True)
class Rates:
    """The previous totals, for rates."""

    at_s: float = field(default_factory=time.monotonic)
    totals: dict[str, int] = field(default_factory=dict)

    def since(self, totals: dict[str, int]) -> dict[str, float]:
        """Return rates per second since the last call."""
        now_s = time.monotonic()
        passed_s = max(now_s - self.at_s, 0.001)
        rates = {name: (total - self.totals.get(name, 0)) / passed_s for name, total in totals.items()}
        self.at_s, self.totals = now_s, totals
        return rates


def read_figures(system: LocalSystem, rates: Rates) -> Figures:
    """Return the worker's present figures; zeros while it does not answer."""
    samples = samples_if_any(system.settings.metrics_port)
    totals = dict.fromkeys(CHANNELS, 0)
    by_result: dict[str, int] = defaultdict(int)
    lag: dict[str, int] = defaultdict(int)
    stored = 0
    for name, labels, value in samples:
        if name == _TOUCHES:
            by_result[labels["result"]] += int(value)
            if labels["result"] == "new":
                totals[labels["channel"]] += int(value)
        elif name == "touchline_lag":
            lag[labels["topic"]] += int(value)
        elif name == "touchline_stored_rows_total" and labels["table"] == "events":
            stored = int(value)
    return Figures(totals, rates.since(totals), by_result["duplicate"], by_result["rejected"], stored, dict(lag))


def figures_table(figures: Figures) -> RenderableType:
    """Return the figures as a table of a fixed height."""
    table = Table(box=None, pad_edge=False)
    for column in ("channel", "touches", "per second"):
        table.add_column(column, justify="left" if column == "channel" else "right", min_width=12)
    for channel, total in figures.totals.items():
        table.add_row(Text(channel), f"{total:,}", f"{figures.per_s[channel]:,.0f}")
    table.add_row("stored", f"{figures.stored:,}", "")
    table.add_row("duplicates", f"{figures.duplicates:,}", "")
    table.add_row("rejected", f"{figures.rejected:,}", "")
    waiting = " · ".join(f"{topic} {count:,}" for topic, count in sorted(figures.lag.items()) if count) or "nothing"
    return Group(table, Text(f"waiting      {waiting}", no_wrap=True, overflow="ellipsis"))
