"""The outcome of one line of an input file: a touch, an intended skip, or a rejection.

An importer yields exactly one outcome per line (or row of a table) that it reads, so that
`read == emitted + skipped + rejected` always holds. Blank lines count; a header line does not. A mail or an event that
gives several touches has one outcome for each, of which all but the first have the note `FURTHER_TOUCH`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

FURTHER_TOUCH: Final = "further_touch"
"""Note of each touch but the first that a line or a mail gives, so that lines can be counted."""

RawTouch: TypeAlias = dict[str, object]
"""A message of a raw topic before it is encoded. Log importers set `occurred_at` to integer milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Emit:
    """A touch for a channel. `notes` are remarks that a report counts; they do not reject the line. `line_no` is the
    line of the file, from 1, for a later rejection; 0 means that the touch is from no line. It is not compared.
    """

    channel: str
    touch: RawTouch
    notes: tuple[str, ...] = ()
    line_no: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Skip:
    """A well-formed line that is not a touch; each importer documents its values of `reason`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that cannot be read. `line_no` counts from 1; `detail` names the fault and quotes the faulty text."""

    reason: str
    line_no: int
    detail: str


Outcome: TypeAlias = Emit | Skip | Reject

_EXCERPT_CHARS = 80


def excerpt(text: str) -> str:
    """Return the beginning of a text from a file, quoted and printable, for a message."""
    return repr(text if len(text) <= _EXCERPT_CHARS else text[: _EXCERPT_CHARS - 1] + "…")


def shift_times(outcomes: Iterable[Outcome], shift_ms: int) -> Iterator[Outcome]:
    """Yield the outcomes with every integer `occurred_at` moved by `shift_ms`.

    Event ids do not change, since they are hashes of the line. Lines that are sent again need the same shift:
    deduplication compares an id only with ids of the same day.
    """
    for outcome in outcomes:
        if isinstance(outcome, Emit):
            at_ms = outcome.touch["occurred_at"]
            if isinstance(at_ms, int):
                yield replace(outcome, touch={**outcome.touch, "occurred_at": at_ms + shift_ms})
                continue
        yield outcome


def latest_time(outcomes: Iterable[Outcome]) -> int | None:
    """Return the latest integer `occurred_at` in milliseconds, or None without one."""
    last_ms: int | None = None
    for outcome in outcomes:
        if isinstance(outcome, Emit):
            at_ms = outcome.touch["occurred_at"]
            if isinstance(at_ms, int) and (last_ms is None or at_ms > last_ms):
                last_ms = at_ms
    return last_ms
