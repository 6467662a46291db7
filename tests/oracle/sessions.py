"""Sessions, stitched from touches: first the runs of an identifier's UTC day, then those of a profile."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from schemas.touch import SESSION_GAP_MS
from streams.profile.sessions import PieceValues
from tests.oracle.touch import DAY_MS, Touch, UncertainError

LONGEST_MS: Final = DAY_MS  # longer sessions are cut at UTC midnights


class Run(NamedTuple):
    """Touches of one identifier and UTC day without a gap. Page and source: of the earliest touch that has one."""

    first_ms: int
    entry_id: str
    last_ms: int
    touches: int
    page: str
    source: str


class Session(NamedTuple):
    """A row of the view `sessions`, without the profile, and the event id of its first touch."""

    started_ms: int
    ended_ms: int
    touches: int
    landing_page: str
    source: str
    identifiers: tuple[str, ...]
    entry_id: str


def runs_by_day(touches: Iterable[Touch], gap_ms: int = SESSION_GAP_MS) -> dict[int, list[Run]]:
    """Return the runs of one identifier by day. Bots and touches too late for their day are in no session."""
    days: dict[int, list[list[Touch]]] = defaultdict(list)
    for touch in sorted(touches, key=lambda touch: touch.stamp):
        if touch.bot or touch.too_late:
            continue
        runs = days[touch.day]
        if runs and touch.occurred_at_ms - runs[-1][-1].occurred_at_ms <= gap_ms:
            runs[-1].append(touch)
        else:
            runs.append([touch])
    return {day: [_run(run) for run in runs] for day, runs in days.items()}


def _run(touches: list[Touch]) -> Run:
    first, last = touches[0], touches[-1]
    page = next((touch.page for touch in touches if touch.page), "")
    source = next((touch.source for touch in touches if touch.source), "")
    return Run(first.occurred_at_ms, first.event_id, last.occurred_at_ms, len(touches), page, source)


def stitch(runs: Iterable[tuple[Run, str]], gap_ms: int = SESSION_GAP_MS) -> list[Session]:
    """Return the sessions of a profile from pairs (run, namespace:value of its identifier) in any order."""
    stretches: list[list[tuple[Run, str]]] = []
    end_ms = 0
    in_order = sorted(runs)
    for (one, _), (other, _) in pairwise(in_order):
        if one[:2] == other[:2] and one[4:] != other[4:]:
            raise UncertainError(f"{one} and {other} start at the same moment with the same id, but differ")
    for run, identifier in in_order:
        if stretches and run.first_ms <= end_ms + gap_ms:
            stretches[-1].append((run, identifier))
            end_ms = max(end_ms, run.last_ms)
        else:
            stretches.append([(run, identifier)])
            end_ms = run.last_ms
    return [_session(part) for stretch in stretches for part in _cut(stretch)]


def _cut(stretch: list[tuple[Run, str]]) -> Iterable[list[tuple[Run, str]]]:
    if max(run.last_ms for run, _ in stretch) - stretch[0][0].first_ms <= LONGEST_MS:
        return [stretch]
    days: dict[int, list[tuple[Run, str]]] = defaultdict(list)
    for run, identifier in stretch:
        days[run.first_ms // DAY_MS].append((run, identifier))
    return days.values()


def _session(part: list[tuple[Run, str]]) -> Session:
    runs = [run for run, _ in part]
    page = next((run.page for run in runs if run.page), "")
    source = next((run.source for run in runs if run.source), "")
    return Session(
        runs[0].first_ms, max(run.last_ms for run in runs), sum(run.touches for run in runs), page, source,
        tuple(sorted({identifier for _, identifier in part})), runs[0].entry_id,
    )  # fmt: skip


def runs_in(values: PieceValues) -> list[Run]:
    """Return the runs in a row of `session_pieces`: its values from `firsts` to `sources`."""
    firsts, lasts, counts, entry_ids, pages, sources = values
    return [Run(*run) for run in zip(firsts, entry_ids, lasts, counts, pages, sources, strict=True)]
