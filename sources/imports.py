"""The import loop: reads outcomes, sends their touches, and counts each outcome in a report."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from schemas.timestamps import parse_time
from sources.emitter import TouchTooLargeError
from sources.files import FileReadError
from sources.outcome import Emit, Outcome, Reject, Skip
from sources.tables.fields import touch_types

EXAMPLES: Final = 5
"""Number of rejected lines per reason that a report quotes."""

OTHER: Final = "other"
"""Key under which all types are counted that the channel does not have."""

_PROGRESS_LINES = 500


class TouchSink(Protocol):
    """A destination of touches: `sources.emitter.Emitter`, or an object with the same two methods."""

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        """Queue a touch and return its event id. May block; raises if the touch cannot be queued."""
        ...

    def flush(self) -> None:
        """Wait until all queued touches are stored. Raises if some are not."""
        ...


@dataclass(slots=True)
class Report:
    """Counts of the outcomes of an import. Between two lines, `read == emitted + skipped + rejected`.

    `emitted` counts by channel, `types` by `channel/type`, `skipped` and `rejected` by reason, `notes` by note.
    `examples` has the first rejected lines of each reason. `first_ms` and `last_ms` are the earliest and latest
    `occurred_at`. `stopped` says why the file was not read to its end, or is empty; the lines before are imported.
    """

    read: int = 0
    emitted: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    examples: list[Reject] = field(default_factory=list)
    first_ms: int | None = None
    last_ms: int | None = None
    stopped: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the report as built-in types, for JSON."""
        return {
            "read": self.read,
            "emitted": dict(self.emitted),
            "types": dict(self.types),
            "skipped": dict(self.skipped),
            "rejected": dict(self.rejected),
            "notes": dict(self.notes),
            "rejected_examples": [
                {"reason": one.reason, "line_no": one.line_no, "detail": one.detail} for one in self.examples
            ],
            "first_ms": self.first_ms,
            "last_ms": self.last_ms,
            "stopped": self.stopped,
        }


def run_import(
    outcomes: Iterable[Outcome], sink: TouchSink | None, progress: Callable[[Report], None] | None = None
) -> Report:
    """Send every touch of `outcomes` to `sink`, count the outcomes, and return when all touches are acknowledged.

    `sink`: None means a dry run. `progress` is called with the report every `_PROGRESS_LINES` lines and at the end. A
    file that becomes unreadable ends the import and sets `Report.stopped`. A touch for which the sink raises
    `TouchTooLargeError` is rejected (`too_large`). Other exceptions of the sink propagate; importing the file again
    then adds the touches that are missing.
    """
    report = Report()
    try:
        for outcome in outcomes:
            if isinstance(outcome, Emit) and sink is not None:
                outcome = _send(sink, outcome)
            _count(report, outcome)
            if progress is not None and report.read % _PROGRESS_LINES == 0:
                progress(report)
    except FileReadError as error:
        report.stopped = str(error)
    if sink is not None:
        sink.flush()
    if progress is not None:
        progress(report)
    return report


def _send(sink: TouchSink, outcome: Emit) -> Emit | Reject:
    """Send a touch. Return it, or its rejection if it is too large, so that the import continues."""
    try:
        sink.emit(outcome.channel, outcome.touch)
    except TouchTooLargeError as error:
        return Reject("too_large", outcome.line_no, str(error))
    return outcome


def _count(report: Report, outcome: Outcome) -> None:
    report.read += 1
    match outcome:
        case Emit(channel, touch, notes):
            report.emitted[channel] += 1
            # The types come from the file: counting only those of the channel by name bounds the number of keys.
            report.types[f"{channel}/{touch['type'] if touch['type'] in touch_types(channel) else OTHER}"] += 1
            report.notes.update(notes)
            _extend_period(report, touch["occurred_at"])
        case Skip(reason):
            report.skipped[reason] += 1
        case Reject(reason):
            report.rejected[reason] += 1
            if report.rejected[reason] <= EXAMPLES:
                report.examples.append(outcome)


def _extend_period(report: Report, at: object) -> None:
    if isinstance(at, str):
        at = parse_time(at)
    if isinstance(at, int):  # intake rejects any other value and says why
        report.first_ms = at if report.first_ms is None else min(report.first_ms, at)
        report.last_ms = at if report.last_ms is None else max(report.last_ms, at)
