"""What a running worker waits for, reported once when it begins and once when it ends."""

import re
import urllib.request
from collections.abc import Mapping
from typing import Final

import msgspec

from deploy.ports import LOOPBACK

LASTING_LOOKS: Final = 3  # a trouble seen less often than that in a row was over at once, and is not worth a line
_ANSWER_S: Final = 2.0
_decode: Final = msgspec.json.Decoder(dict[str, str]).decode


def read_waiting(port: int) -> dict[str, str] | None:
    """What each part of the worker at a port waits for, by part; None while no worker answers."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/waiting", timeout=_ANSWER_S) as answer:
            return _decode(answer.read())
    except (OSError, msgspec.DecodeError):
        return None


class TroubleWatch:
    """Turns one look after the other into lines. A trouble whose numbers alone change is the same."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}  # by part: the trouble without its numbers, looks in a row
        self._told: dict[str, str] = {}

    def take(self, waiting: Mapping[str, str] | None) -> list[str]:
        """The lines of this look. None: no worker answered, so nothing is known, and nothing has ended."""
        if waiting is None:
            return []
        lines = [f"The worker's {part} works again." for part in self._told if part not in waiting]
        self._told = {part: kind for part, kind in self._told.items() if part in waiting}
        seen = {}
        for part, what in waiting.items():
            kind = re.sub(r"\d+", "0", what)
            before, looks = self._seen.get(part, (kind, 0))
            seen[part] = kind, looks + 1 if kind == before else 1
            if seen[part][1] >= LASTING_LOOKS and self._told.get(part) != kind:
                self._told[part] = kind
                lines.append(f"The worker's {part} waits and goes on by itself: {what}")
        self._seen = seen
        return lines
