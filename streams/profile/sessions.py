"""Pieces of sessions: per UTC day of an identifier, its runs of touches without a gap longer than `gap_ms`.

A run consists of minima, maxima and counts, so it does not depend on the order of arrival: a late touch extends a run,
joins two, or starts one. A query joins the runs of all identifiers of a profile: runs with a gap of at most `gap_ms`
between them belong to one session, across identifiers and across midnight. A session of more than 24 hours is cut at
UTC midnights.
"""

from msgspec import Struct

from schemas.time import DAY_MS

Stamp = tuple[int, str]  # (ms within the day, event id): the order of touches
PieceValues = tuple[list[int], list[int], list[int], list[str], list[str], list[str]]


class Run(Struct, array_like=True, gc=False):
    """A run within one UTC day. Times are milliseconds within that day. Only `insert` changes one."""

    first_ms: int
    last_ms: int
    touches: int
    entry_id: str  # the event id of the earliest touch
    page: str = ""  # of the earliest touch that has one
    source: str = ""
    page_at: Stamp | None = None  # that touch; None means the first one
    source_at: Stamp | None = None


def insert(runs: list[Run], at_ms: int, event_id: str, page: str, source: str, gap_ms: int) -> None:
    """Add a touch to the runs of its day, ascending. Changes `runs`."""
    if runs and at_ms > runs[-1].last_ms:  # most touches are later than all others
        _append(runs, at_ms, event_id, page, source, gap_ms)
    else:
        _join_within_reach(runs, Run(at_ms, at_ms, 1, event_id, page, source), gap_ms)


def _append(runs: list[Run], at_ms: int, event_id: str, page: str, source: str, gap_ms: int) -> None:
    """`insert` for a touch that is later than all of `runs`."""
    last = runs[-1]
    if at_ms - last.last_ms > gap_ms:
        runs.append(Run(at_ms, at_ms, 1, event_id, page, source))
        return
    last.last_ms = at_ms
    last.touches += 1
    if page and not last.page:
        last.page, last.page_at = page, (at_ms, event_id)
    if source and not last.source:
        last.source, last.source_at = source, (at_ms, event_id)


def _join_within_reach(runs: list[Run], new: Run, gap_ms: int) -> None:
    """`insert` for any touch: join the run of this touch with all runs within `gap_ms` of it."""
    at_ms = new.first_ms
    # the runs within reach are neighbours: [start, end)
    end = len(runs)
    while end and runs[end - 1].first_ms > at_ms + gap_ms:
        end -= 1
    start = end
    while start and runs[start - 1].last_ms >= at_ms - gap_ms:
        start -= 1
        new = join(runs[start], new)
    runs[start:end] = [new]


def join(a: Run, b: Run) -> Run:
    """Join two runs of one day. Commutative and associative."""
    early, late = (a, b) if (a.first_ms, a.entry_id) <= (b.first_ms, b.entry_id) else (b, a)
    page, page_at = early.page, early.page_at
    if late.page and (not page or (page_at is not None and _stamp(late, late.page_at) < page_at)):
        page, page_at = late.page, _stamp(late, late.page_at)
    source, source_at = early.source, early.source_at
    if late.source and (not source or (source_at is not None and _stamp(late, late.source_at) < source_at)):
        source, source_at = late.source, _stamp(late, late.source_at)
    last_ms = a.last_ms if a.last_ms > b.last_ms else b.last_ms
    return Run(early.first_ms, last_ms, a.touches + b.touches, early.entry_id, page, source, page_at, source_at)


def piece_values(day: int, runs: list[Run]) -> PieceValues:
    """Return the runs of a UTC day as values of a row of `session_pieces`, `firsts` to `sources` (schemas.columns)."""
    start_ms = day * DAY_MS
    if len(runs) == 1:
        run = runs[0]
        first_ms, last_ms = start_ms + run.first_ms, start_ms + run.last_ms
        return [first_ms], [last_ms], [run.touches], [run.entry_id], [run.page], [run.source]
    return (
        [start_ms + run.first_ms for run in runs],
        [start_ms + run.last_ms for run in runs],
        [run.touches for run in runs],
        [run.entry_id for run in runs],
        [run.page for run in runs],
        [run.source for run in runs],
    )


def _stamp(run: Run, at: Stamp | None) -> Stamp:
    return (run.first_ms, run.entry_id) if at is None else at
