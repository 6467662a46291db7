"""`touchline up`: a local system that restarts its parts when they end, and stops in order on Ctrl-C."""

import shlex
import signal
import threading
from types import FrameType
from typing import Final

from rich.console import Console
from rich.text import Text

from dashboards.terminal.consoles import progress_console
from dashboards.terminal.printable import LINES, escape_unprintable
from schemas.channels import CHANNELS
from touchline.collector.hooks_file import DEFAULT_NAME
from touchline.errors import CliError
from touchline.local.system import LocalSystem
from touchline.serving.snippets import curl_snippet, script_tag, sdk_lines, webhook_address
from touchline.settings import Settings, read_settings
from touchline.worker.outage_report import OutageReport, read_waiting
from touchline.worker.store_damage import find_damage

POLL_S: Final = 1.0

console = progress_console(soft_wrap=True)


class StopSignal:
    """What Ctrl-C and SIGTERM do: they interrupt the start of a system, and once it has begun they set `event`.

    The start is interrupted by KeyboardInterrupt, and once, so that nothing interrupts the end that follows.
    """

    def __init__(self) -> None:
        self.event = threading.Event()
        self._interrupts = True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._set)

    def begin(self) -> None:
        """From now on set `event` only."""
        self._interrupts = False

    def _set(self, number: int, frame: FrameType | None) -> None:
        self.event.set()
        if self._interrupts:
            self._interrupts = False
            raise KeyboardInterrupt


def run_up(settings: Settings) -> None:
    """Start everything, print its addresses, and supervise it until a signal to stop."""
    stop = StopSignal()
    try:
        with LocalSystem(settings, print_step) as system:
            stop.begin()
            print_addresses(system)
            print_damage(system.settings)
            supervise(system, stop.event)
    except KeyboardInterrupt:
        print_step("stopped before everything ran")


def print_step(text: str) -> None:
    """Print what is being started, stopped or waited for."""
    console.print(Text(escape_unprintable(text, keep=LINES), style="dim"))


def print_warning(text: str, console: Console = console) -> None:
    """Print a problem, which may quote logs."""
    console.print(Text(escape_unprintable(text, keep=LINES), style="yellow"))


def print_addresses(system: LocalSystem) -> None:
    """Print where everything is, and what to try next."""
    settings = system.settings
    elsewhere = read_settings().folder != system.folder
    option = f", each with --data {shlex.quote(str(system.folder))}" if elsewhere else ""
    channels = ", ".join(CHANNELS)
    for line in (
        f"Touchline runs on {system.folder}. Ctrl-C stops it.",
        f"  Kafka       {settings.kafka}   send JSON to the topics {channels}",
        f"  collector   {system.collector_url}   takes touches by HTTP, with a key of `touchline key create`",
        f"  ClickHouse  {system.reader_url}",
        f"  pages       {system.login_link()}   logs you in once; `touchline where` prints another",
        f"  API         {system.api_url}/v1   answers questions by HTTP, with a token of `touchline token create`",
        f"  metrics     http://127.0.0.1:{settings.metrics_port}/metrics",
        f"  try         touchline status · touchline top · touchline import --help{option}",
    ):
        console.print(Text(escape_unprintable(line)))
    for line in first_touch(system):
        console.print(Text(escape_unprintable(line)))


def first_touch(system: LocalSystem) -> list[str]:
    """Return lines that show how to send a first touch by HTTP."""
    address = webhook_address(system.collector_url)
    webhooks = f"  Or take webhooks at {address}, named in {system.folder / DEFAULT_NAME}"
    if not system.demo_key:
        return ["  The demo key is revoked: `touchline key create --source NAME` creates a write key.", webhooks]
    url, key = system.collector_url, system.demo_key
    lines = ["  Send a touch:", *(f"    {line}" for line in curl_snippet(url, key))]
    lines += ["  Or change two values of an SDK:", *(f"    {line}" for line in sdk_lines(url, key))]
    lines += ["  Or put the tracker into a page:", f"    {script_tag(url, key)}"]
    return [*lines, f"  Or visit {url}/demo and see yourself on a timeline.", webhooks]


def print_damage(settings: Settings) -> None:
    """Print a line for each problem of the stored rows."""
    try:
        sentences = find_damage(settings).sentences()
    except CliError:
        return  # the worker waits for ClickHouse, and logs that
    for sentence in sentences:
        print_warning(sentence)


def supervise(system: LocalSystem, stop: threading.Event) -> None:
    """Restart parts and report outages until `stop` is set. Raises CliError for a part that does not keep running."""
    report = OutageReport()
    while not stop.wait(POLL_S):
        if restarted := system.restart_ended():
            print_warning(restarted)
        for line in report.poll(read_waiting(system.settings.metrics_port)):
            print_warning(line)
