"""The live view: the recordings pour in, then touches at a human rate, until Ctrl-C."""

import threading
import time
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from dashboards.answers import timeline as timelines
from dashboards.answers import top as tops
from dashboards.terminal.consoles import news
from dashboards.terminal.format import plain
from dashboards.terminal.live_tables import live_timeline, live_top
from sinks.clickhouse.client import connect, parse_address
from sinks.clickhouse.errors import say as say_error
from touchline.demo.feed import LiveFeed
from touchline.demo.figures import Figures, Rates, figures_table, read_figures
from touchline.demo.play import demo_settings, feed_all
from touchline.demo.recordings import MADE_UP_LINE
from touchline.local.system import LocalSystem
from touchline.local.up import Stopping, say, tell_where, warn
from touchline.ops.query_context import QueryContext, context_with
from touchline.worker.outage_report import OutageReport, read_waiting

console = news()

LOOK_S: Final = 1.0
MOST_ROWS: Final = (8, 10)  # of the hottest customers, and of the timeline
FIXED_LINES: Final = 17  # what the view takes beside these rows
ALIKE: Final = 10  # so many touches are looked at for each line of the timeline


class Feeder(threading.Thread):
    """Sends the recordings and then the live feed, beside the view."""

    def __init__(self, system: LocalSystem, stop: threading.Event) -> None:
        super().__init__(name="demo-feed", daemon=True)
        self._system = system
        self._stop_asked = stop
        self.doing = "reading the recordings"
        self.trouble = ""

    def run(self) -> None:
        """Until asked to stop, or Kafka is away for good."""
        try:
            feed_all(self._system, lambda name, report: self._tell(f"sending {name}: {report.read:,} lines"))
            self._tell("live: a few touches a second, at random, of people in the recordings")
            LiveFeed(self._system).run(self._stop_asked)
        except Exception as error:  # the view shows it, whatever it is
            self.trouble = str(error)

    def _tell(self, doing: str) -> None:
        self.doing = doing


def run_live(data: str | None, seconds: float | None) -> None:
    """The recordings, then a live feed at a human rate, watched in the terminal until Ctrl-C."""
    stopping = Stopping()
    with demo_settings(data) as (settings, jars), LocalSystem(settings, say, jars) as system:
        watch(system, stopping, seconds)


def watch(system: LocalSystem, stopping: Stopping, seconds: float | None) -> None:
    """Show what happens, once a second, until Ctrl-C or the time is over."""
    client = connect(parse_address(system.reader_url), "read")
    feeder = Feeder(system, stopping.asked)
    feeder.start()
    tell_where(system)
    watch_trouble = OutageReport()
    rates, ends_s = Rates(), None if seconds is None else time.monotonic() + seconds
    with Live(console=console, refresh_per_second=4, transient=False) as live:
        while not stopping.asked.is_set() and (ends_s is None or time.monotonic() < ends_s):
            if said := system.mend():
                warn(said, console)
            for line in watch_trouble.poll(read_waiting(system.settings.metrics_port)):
                warn(line, console)
            figures = read_figures(system, rates)
            try:
                live.update(_draw(figures, feeder, context_with(system.settings, client)))
            except ClickHouseError as error:
                warn(say_error(error), console)
            stopping.asked.wait(LOOK_S)
    stopping.asked.set()
    feeder.join(timeout=10)


def _draw(figures: Figures, feeder: Feeder, question: QueryContext) -> RenderableType:
    room = max(4, console.height - FIXED_LINES)  # for the rows of both tables
    ranks = min(MOST_ROWS[0], room // 2)
    warmest = tops.top(
        question.client, question.scope, at_ms=question.at_ms, half_life_ms=question.half_life_ms, limit=ranks
    )
    doing = plain(feeder.trouble or feeder.doing, "red" if feeder.trouble else "bold")
    doing.no_wrap, doing.overflow = True, "ellipsis"
    parts: list[RenderableType] = [
        doing,
        Text(f"{MADE_UP_LINE}.", style="dim", no_wrap=True, overflow="ellipsis"),
        figures_table(figures),
        Text("hottest customers", style="bold"),
        live_top(warmest, console.width),
    ]
    if warmest:
        rows = min(MOST_ROWS[1], room - ranks)
        entries = timelines.timeline(question.client, question.scope, warmest[0].profile, limit=rows * ALIKE)
        name = warmest[0].traits.get("name") or warmest[0].profile
        parts += [plain(f"timeline of {name}", "bold"), live_timeline(entries, console.width, rows)]
    return Group(*parts)
