"""`touchline up`: the daily form. What ends by itself is started again; one Ctrl-C stops everything in order."""

import shlex
import signal
import threading
from types import FrameType
from typing import Final

from rich.console import Console
from rich.text import Text

from dashboards.terminal.consoles import news
from dashboards.terminal.printable import LINES, escaped
from schemas.channels import CHANNELS
from touchline.errors import CliError
from touchline.local.system import LocalSystem
from touchline.settings import Settings, read_settings
from touchline.worker.outage_report import OutageReport, read_waiting
from touchline.worker.store_damage import find_damage

WATCH_S: Final = 1.0

console = news(soft_wrap=True)


class Stopping:
    """Set by Ctrl-C and SIGTERM; while it is in force, neither ends the process by itself."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked.set()


def run_up(settings: Settings) -> None:
    """Start everything, say where it is, and keep it running until told to stop."""
    stopping = Stopping()
    with LocalSystem(settings, say) as system:
        if not stopping.asked.is_set():
            tell_where(system)
            tell_damage(system.settings)
        keep_running(system, stopping)


def say(text: str) -> None:
    """Print what is being waited for."""
    console.print(Text(escaped(text, keep=LINES), style="dim"))


def warn(text: str, console: Console = console) -> None:
    """Print what has gone wrong, in the words of parts and of their logs."""
    console.print(Text(escaped(text, keep=LINES), style="yellow"))


def tell_where(system: LocalSystem) -> None:
    """What a person needs to go on."""
    settings = system.settings
    elsewhere = read_settings().folder != system.folder
    option = f", each with --data {shlex.quote(str(system.folder))}" if elsewhere else ""
    for line in (
        f"Touchline runs on {system.folder}. Ctrl-C stops it.",
        f"  Kafka       {settings.kafka}   topics {', '.join(CHANNELS)} take JSON",
        f"  ClickHouse  {system.reader_url}",
        f"  metrics     http://127.0.0.1:{settings.metrics_port}/metrics",
        f"  try         touchline status · touchline top · touchline import --help{option}",
    ):
        console.print(Text(escaped(line)))


def tell_damage(settings: Settings) -> None:
    """A line for each thing that is wrong with what is stored."""
    try:
        sentences = find_damage(settings).sentences()
    except CliError:
        return  # the worker waits for ClickHouse, and logs it
    for sentence in sentences:
        warn(sentence)


def keep_running(system: LocalSystem, stopping: Stopping) -> None:
    """Watch the parts until told to stop. Raises CliError when one does not stay up."""
    report = OutageReport()
    while not stopping.asked.wait(WATCH_S):
        if mended := system.mend():
            warn(mended)
        for line in report.poll(read_waiting(system.settings.metrics_port)):
            warn(line)
