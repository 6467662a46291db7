"""Whether the collector of a running `touchline up` accepts touches."""

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
class CollectorState:
    """The collector's address, and why it does not accept touches; '' if it does."""

    address: str
    trouble: str


def read_collector(settings: Settings) -> CollectorState | None:
    """Return the state of the collector that runs on the data folder; None if none does."""
    running = running_here(settings)
    if running is None or not running.collector:
        return None
    return CollectorState(running.collector, _read_trouble(running.collector, running.collector_metrics_port))


def _read_trouble(address: str, port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=ANSWER_S):
            return ""
    except urllib.error.HTTPError as answer:
        reason = answer.read(_LONGEST_REASON).decode("utf-8", "replace").strip()
        return f"The collector at {address} accepts no touches: {reason or answer.reason}."
    except OSError:
        return f"No collector answers at {address}: `touchline up` restarts its own."
