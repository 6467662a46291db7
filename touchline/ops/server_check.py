"""Whether the HTTP servers of a running `touchline up`, the collector and the API, serve."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Final

from deploy.ports import LOOPBACK
from touchline.local.discovery import running_here
from touchline.settings import Settings

ANSWER_S: Final = 5.0
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server's address, and why it does not serve; '' if it does."""

    address: str
    trouble: str


def read_collector(settings: Settings) -> ServerState | None:
    """Return the state of the collector that runs on the data folder; None if none does."""
    running = running_here(settings)
    if running is None or not running.collector:
        return None
    refuses = f"The collector at {running.collector} accepts no touches"
    silent = f"No collector answers at {running.collector}"
    return ServerState(running.collector, _read_trouble(running.collector_metrics_port, refuses, silent))


def read_api(settings: Settings) -> ServerState | None:
    """Return the state of the API that runs on the data folder; None if none does."""
    running = running_here(settings)
    if running is None or not running.api:
        return None
    refuses, silent = f"The API at {running.api} answers no questions", f"No API answers at {running.api}"
    return ServerState(running.api, _read_trouble(running.api_metrics_port, refuses, silent))


def _read_trouble(port: int, refuses: str, silent: str) -> str:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=ANSWER_S):
            return ""
    except urllib.error.HTTPError as answer:
        reason = answer.read(_LONGEST_REASON).decode("utf-8", "replace").strip()
        return f"{refuses}: {reason or answer.reason}."
    except OSError:
        return f"{silent}: `touchline up` restarts its own."
