"""Events of archives, and what becomes of them."""

import json
from typing import Final

from sources.archives.event_lines import ArchiveOptions
from sources.outcome import Emit, Outcome, RawTouch

OPTIONS: Final = ArchiveOptions("archive")
WHEN: Final = "2026-11-30T10:00:00.500Z"
WHEN_MS: Final = 1_796_032_800_500


def lines(*events: object) -> list[bytes]:
    """Return events as lines of JSON."""
    return [json.dumps(event).encode() + b"\n" for event in events]


def only(outcomes: list[Outcome]) -> RawTouch:
    """Return the touch of the single outcome."""
    (outcome,) = outcomes
    assert isinstance(outcome, Emit), outcome
    assert outcome.line_no == 1
    return outcome.touch
