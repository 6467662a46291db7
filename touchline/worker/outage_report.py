"""Outages that a running worker waits for, reported once when they begin and once when they end."""

import re
import urllib.request
from collections.abc import Mapping
from typing import Final

import msgspec

from deploy.ports import LOOPBACK

LASTING_POLLS: Final = 3  # an outage seen in fewer polls in a row is not reported
_ANSWER_S: Final = 2.0
_decode: Final = msgspec.json.Decoder(dict[str, str]).decode


def read_waiting(port: int) -> dict[str, str] | None:
    """Return what each part of the worker at a port waits for, by part. None means that no worker answers."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/waiting", timeout=_ANSWER_S) as answer:
            return _decode(answer.read())
    except (OSError, msgspec.DecodeError):
        return None


class OutageReport:
    """Turns polls of a worker into lines for a person. Outages that differ only in their numbers are the same."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}  # by part: outage without its numbers, polls in a row
        self._reported: dict[str, str] = {}

    def poll(self, waiting: Mapping[str, str] | None) -> list[str]:
        """Return the lines of this poll. None means that no worker answered, which ends no outage."""
        if waiting is None:
            return []
        lines = [f"The worker's {part} works again." for part in self._reported if part not in waiting]
        self._reported = {part: kind for part, kind in self._reported.items() if part in waiting}
        seen = {}
        for part, reason in waiting.items():
            kind = re.sub(r"\d+", "0", reason)
            before, polls = self._seen.get(part, (kind, 0))
            seen[part] = kind, polls + 1 if kind == before else 1
            if seen[part][1] >= LASTING_POLLS and self._reported.get(part) != kind:
                self._reported[part] = kind
                lines.append(f"The worker's {part} waits and resumes by itself: {reason}")
        self._seen = seen
        return lines
