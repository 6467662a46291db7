"""Sessions by definition: from touches directly, and from the pieces that are stored. The oracle of their view."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from streams.fold.sessions import PieceValues

DAY_MS = 86_400_000
LONGEST_MS = DAY_MS  # what lasts longer is cut at UTC midnights


class Piece(NamedTuple):
    """A run of one identifier within a UTC day; a single touch is one, too. Ordered by its first touch."""

    first_ms: int
    entry_id: str
    last_ms: int
    touches: int
    page: str
    source: str
    identifier: str


class Session(NamedTuple):
    """`page` and `source` are those of the earliest piece that has one."""

    first_ms: int
    entry_id: str
    last_ms: int
    touches: int
    page: str
    source: str
    identifiers: tuple[str, ...]


def pieces_of(values: PieceValues, identifier: str) -> list[Piece]:
    """The pieces in a row of `session_pieces`: its values from `firsts` to `sources`."""
    firsts, lasts, counts, entry_ids, pages, sources = values
    return [
        Piece(firsts[place], entry_ids[place], lasts[place], counts[place], pages[place], sources[place], identifier)
        for place in range(len(firsts))
    ]


def stitch(pieces: Iterable[Piece], gap_ms: int) -> list[Session]:
    """The sessions of one profile: what is at most `gap_ms` apart belongs together; what lasts over 24 h is cut."""
    runs: list[list[Piece]] = []
    end_ms = 0
    for piece in sorted(pieces, key=lambda piece: (piece.first_ms, piece.entry_id.encode(), piece.identifier)):
        if runs and piece.first_ms - end_ms <= gap_ms:
            runs[-1].append(piece)
            end_ms = max(end_ms, piece.last_ms)
        else:
            runs.append([piece])
            end_ms = piece.last_ms
    return [_session(part) for run in runs for part in _cut(run)]


def _cut(run: list[Piece]) -> list[list[Piece]]:
    if max(piece.last_ms for piece in run) - run[0].first_ms <= LONGEST_MS:
        return [run]
    days: dict[int, list[Piece]] = defaultdict(list)
    for piece in run:
        days[piece.first_ms // DAY_MS].append(piece)
    return [days[day] for day in sorted(days)]


def _session(run: list[Piece]) -> Session:
    return Session(
        run[0].first_ms,
        run[0].entry_id,
        max(piece.last_ms for piece in run),
        sum(piece.touches for piece in run),
        next((piece.page for piece in run if piece.page), ""),
        next((piece.source for piece in run if piece.source), ""),
        tuple(sorted({piece.identifier for piece in run})),
    )
