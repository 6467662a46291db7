"""The import itself: outcomes in, touches out to Kafka, and a report in which everything adds up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from pydantic_core import PydanticCustomError

from schemas.raw_touch import read_time
from sources.emitter import TouchTooLarge
from sources.files import FileTrouble
from sources.outcome import Emit, Outcome, Reject, Skip
from sources.tables.fields import types

EXAMPLES: Final = 5
"""How many rejected lines a report shows of each reason."""

OTHER: Final = "other"
"""Where types are counted: all that the channel does not have."""

_PROGRESS_LINES = 500


class Sink(Protocol):
    """What takes touches: `sources.emitter.Emitter`, or something that behaves like it."""

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        """Takes a touch; may block; raises when it cannot be taken. Returns the touch's event id."""
        ...

    def flush(self) -> None:
        """Returns when everything taken is stored; raises otherwise."""
        ...


@dataclass(slots=True)
class Report:
    """What became of the lines. `read == emitted + skipped + rejected` whenever the import is between two lines.

    `emitted` counts by channel, `types` by `channel/type`, `notes` what importers found worth counting. `stopped` is
    empty, or one sentence saying why the file was not read to its end; what was read before that is imported.
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
        """Plain values, for JSON."""
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
    outcomes: Iterable[Outcome], sink: Sink | None, progress: Callable[[Report], None] | None = None
) -> Report:
    """Sends every touch of `outcomes` to `sink` (None: a dry run) and counts. Returns when all are acknowledged.

    `progress` is called now and then with the report as it stands, and once at the end. A file that cannot be read on
    ends the import with `Report.stopped`. A touch that is `TouchTooLarge` for the sink is rejected (`too_large`); all
    else that the sink raises comes through, and a repetition of the import then adds what is missing.
    """
    report = Report()
    try:
        for outcome in outcomes:
            if isinstance(outcome, Emit) and sink is not None:
                outcome = _send(sink, outcome)
            _count(report, outcome)
            if progress is not None and report.read % _PROGRESS_LINES == 0:
                progress(report)
    except FileTrouble as trouble:
        report.stopped = str(trouble)
    if sink is not None:
        sink.flush()
    if progress is not None:
        progress(report)
    return report


def _send(sink: Sink, outcome: Emit) -> Emit | Reject:
    """The touch, or its refusal: one that is too large is the line's fault and holds nobody up."""
    try:
        sink.emit(outcome.channel, outcome.touch)
    except TouchTooLarge as error:
        return Reject("too_large", outcome.line_no, str(error))
    return outcome


def _count(report: Report, outcome: Outcome) -> None:
    report.read += 1
    match outcome:
        case Emit(channel, touch, notes):
            report.emitted[channel] += 1
            # Data decides what types there are: only the channel's own are counted apart.
            report.types[f"{channel}/{touch['type'] if touch['type'] in types(channel) else OTHER}"] += 1
            report.notes.update(notes)
            _stretch(report, touch["occurred_at"])
        case Skip(reason):
            report.skipped[reason] += 1
        case Reject(reason):
            report.rejected[reason] += 1
            if report.rejected[reason] <= EXAMPLES:
                report.examples.append(outcome)


def _stretch(report: Report, at: object) -> None:
    if isinstance(at, str):
        try:
            at = read_time(at)
        except PydanticCustomError:
            return  # intake reports what is wrong with it
    if isinstance(at, int):
        report.first_ms = at if report.first_ms is None else min(report.first_ms, at)
        report.last_ms = at if report.last_ms is None else max(report.last_ms, at)
