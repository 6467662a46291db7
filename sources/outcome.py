"""What becomes of one line of a source: a touch, nothing by intention, or a refusal. Failure is a value.

An importer yields exactly one outcome per line (or table row) it reads, so that `read == emitted + skipped + rejected`
holds by construction. Blank lines count too; a header line does not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

RawTouch: TypeAlias = dict[str, object]
"""One message of a raw topic, before JSON. `occurred_at` of the log importers is integer milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Emit:
    """A touch for a channel. `notes` are facts about the line worth counting, not reasons to refuse it. `line_no`
    says where it came from, from 1, for whoever refuses it later; 0: from no line. Touches that
    differ in it alone are equal.
    """

    channel: str
    touch: RawTouch
    notes: tuple[str, ...] = ()
    line_no: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Skip:
    """A line that is well-formed and no touch; `reason` is one word of a short list that each importer documents."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that cannot be read. `line_no` counts from 1; `detail` names what is wrong and shows a little of it."""

    reason: str
    line_no: int
    detail: str


Outcome: TypeAlias = Emit | Skip | Reject

_SHOWN_CHARS = 80


def excerpt(text: str) -> str:
    """The beginning of a text from outside, printable and short, for a detail."""
    shown = text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
    return repr(shown)


def shifted(outcomes: Iterable[Outcome], shift_ms: int) -> Iterator[Outcome]:
    """The same outcomes with every integer `occurred_at` moved by `shift_ms`.

    Ids stay, for they come from the line. Whoever shifts must use the same shift whenever the same lines are sent
    again: an id is recognised under the day of its time.
    """
    for outcome in outcomes:
        if isinstance(outcome, Emit):
            at_ms = outcome.touch["occurred_at"]
            if isinstance(at_ms, int):
                yield replace(outcome, touch={**outcome.touch, "occurred_at": at_ms + shift_ms})
                continue
        yield outcome


def last_time(outcomes: Iterable[Outcome]) -> int | None:
    """The latest integer `occurred_at` in milliseconds, or None: what a shift to a given end starts from."""
    last_ms: int | None = None
    for outcome in outcomes:
        if isinstance(outcome, Emit):
            at_ms = outcome.touch["occurred_at"]
            if isinstance(at_ms, int) and (last_ms is None or at_ms > last_ms):
                last_ms = at_ms
    return last_ms
