"""The live view of the demo: the recordings are sent, then a few touches a second, until Ctrl-C."""

import threading
import time
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from dashboards.answers import timeline as timelines
from dashboards.answers import top as tops
from dashboards.terminal.consoles import progress_console
from dashboards.terminal.format import plain
from dashboards.terminal.live_tables import live_timeline, live_top
from schemas.plural import counted
from sinks.clickhouse.client import connect, parse_address
from sinks.clickhouse.errors import describe_error
from sources.imports import Report
from touchline.demo.feed import LiveFeed
from touchline.demo.figures import Figures, Rates, figures_table, read_figures
from touchline.demo.play import demo_settings, feed_all
from touchline.demo.recordings import MADE_UP_LINE
from touchline.local.system import LocalSystem
from touchline.local.up import StopSignal, print_addresses, print_step, print_warning
from touchline.ops.query_context import QueryContext, context_with
from touchline.worker.outage_report import OutageReport, read_waiting

console = progress_console()

REDRAW_S: Final = 1.0
MAX_ROWS: Final = (8, 10)  # of the customers with the highest scores, and of the timeline
FIXED_LINES: Final = 17  # of the view without these rows
TOUCHES_PER_ROW: Final = 10  # read for each row of the timeline, which sums up similar touches


class FeedStoppedError(Exception):
    """The view ends: nothing more is to be sent."""


class Feeder(threading.Thread):
    """Sends the recordings and then the live feed in a thread of its own."""

    def __init__(self, system: LocalSystem, stop: threading.Event) -> None:
        super().__init__(name="demo-feed", daemon=True)
        self._system = system
        self._stop_event = stop
        self.step = "reading the recordings"
        self.error = ""

    def run(self) -> None:
        """Send until the stop event is set or Kafka stays unreachable."""
        try:
            feed_all(self._system, self._show_progress, self._stop_event.is_set)
            self._set_step("live: a few touches a second, at random, of people in the recordings")
            LiveFeed(self._system).run(self._stop_event)
        except FeedStoppedError:
            return  # Kafka stops next, so the emitter must be closed before
        except Exception as error:  # shown in the view
            self.error = str(error)

    def _show_progress(self, name: str, report: Report) -> None:
        if self._stop_event.is_set():
            raise FeedStoppedError
        self._set_step(f"sending {name}: {counted(report.read, 'line')}")

    def _set_step(self, step: str) -> None:
        self.step = step


def run_live(data: str | None, seconds: float | None) -> None:
    """Show the recordings and then the live feed in the terminal until Ctrl-C."""
    stop = StopSignal()
    try:
        with demo_settings(data) as (settings, jars), LocalSystem(settings, print_step, jars) as system:
            stop.begin()
            watch(system, stop.event, seconds)
    except KeyboardInterrupt:
        print_step("stopped before everything ran")


def watch(system: LocalSystem, stop: threading.Event, seconds: float | None) -> None:
    """Draw the view once a second until `stop` is set or the time is over."""
    client = connect(parse_address(system.reader_url), "read")
    feeder = Feeder(system, stop)
    feeder.start()
    print_addresses(system)
    outages = OutageReport()
    rates, ends_s = Rates(), None if seconds is None else time.monotonic() + seconds
    with Live(console=console, refresh_per_second=4, transient=False) as live:
        while not stop.is_set() and (ends_s is None or time.monotonic() < ends_s):
            if restarted := system.restart_ended():
                print_warning(restarted, console)
            for line in outages.poll(read_waiting(system.settings.metrics_port)):
                print_warning(line, console)
            figures = read_figures(system, rates)
            try:
                live.update(_draw(figures, feeder, context_with(system.settings, client)))
            except ClickHouseError as error:
                print_warning(describe_error(error), console)
            stop.wait(REDRAW_S)
    stop.set()
    feeder.join(timeout=10)


def _draw(figures: Figures, feeder: Feeder, context: QueryContext) -> RenderableType:
    room = max(4, console.height - FIXED_LINES)  # for the rows of both tables
    shown = min(MAX_ROWS[0], room // 2)
    ranked = tops.top(
        context.client, context.scope, at_ms=context.at_ms, half_life_ms=context.half_life_ms, limit=shown
    )
    step = plain(feeder.error or feeder.step, "red" if feeder.error else "bold")
    step.no_wrap, step.overflow = True, "ellipsis"
    parts: list[RenderableType] = [
        step,
        Text(f"{MADE_UP_LINE}.", style="dim", no_wrap=True, overflow="ellipsis"),
        figures_table(figures),
        Text("customers with the highest scores", style="bold"),
        live_top(ranked, console.width),
    ]
    if ranked:
        rows = min(MAX_ROWS[1], room - shown)
        entries = timelines.timeline(context.client, context.scope, ranked[0].profile, limit=rows * TOUCHES_PER_ROW)
        name = ranked[0].traits.get("name") or ranked[0].profile
        parts += [plain(f"timeline of {name}", "bold"), live_timeline(entries, console.width, rows)]
    return Group(*parts)
