"""Where what is kept of a profile and what its touches say differ. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp2, fsum, log2
from typing import Final, NamedTuple

from dashboards.answers.audit_recount import ALL, Standing
from dashboards.answers.score import difference
from schemas.columns import NO_RANK

TOLERANCE: Final = 1e-9  # relative, of scores; the same sum in another order differs by less
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Compared(NamedTuple):
    """`differences` in words, none if all is well; `drift` is the largest relative difference of a score."""

    differences: list[str]
    drift: float


def compare(kept: Standing, recounted: Standing) -> Compared:
    """One profile. Counts and times have to be equal, scores within TOLERANCE."""
    if not recounted.known:
        return Compared(["profiles has it as a profile, identities does not"], 0.0)
    found = [] if kept.known else ["profiles has no row of it"]
    found += _counts(kept, recounted)
    drift = 0.0
    for channel, positive, a, b in _ranks(kept, recounted):
        apart = difference(a, b)
        drift = max(drift, apart)
        if apart > TOLERANCE:
            where = channel or "all channels"
            found.append(f"score of {where}, {'positive' if positive else 'negative'}: {_apart(a, b, apart)}")
    return Compared(found, drift)


def _counts(kept: Standing, recounted: Standing) -> Iterator[str]:
    for channel in sorted(kept.touches.keys() | recounted.touches.keys()):
        yield from _unequal(f"touches of {channel}", kept.touches.get(channel, 0), recounted.touches.get(channel, 0))
    if kept.known:
        yield from _unequal("touches of all channels", kept.total, sum(recounted.touches.values()))
        yield from _unequal("identifiers", kept.identifiers, recounted.identifiers)
    yield from _unequal("bots", kept.bots, recounted.bots)
    yield from _unequal("first seen", _time(kept.first_ms), _time(recounted.first_ms))
    yield from _unequal("last seen", _time(kept.last_ms), _time(recounted.last_ms))
    for what, a, b in (
        ("sessions", kept.sessions, recounted.sessions),
        ("runs within a day", kept.runs, recounted.runs),
    ):
        yield from _unequal(what, a[0], b[0])
        if a[0] == b[0] and a[1] != b[1]:
            yield f"{what}: as many as in the events, but not the same"


def _unequal(what: str, kept: int | str, recounted: int | str) -> Iterator[str]:
    if kept != recounted:
        yield f"{what}: {kept} kept, {recounted} by the events"


def _ranks(kept: Standing, recounted: Standing) -> Iterator[tuple[str, bool, float, float]]:
    """(channel, positive?, kept, recounted), and of both signs all channels together."""
    for channel, positive in sorted(kept.ranks.keys() | recounted.ranks.keys()):
        if channel != ALL:
            place = channel, positive
            yield channel, positive, kept.ranks.get(place, NO_RANK), recounted.ranks.get(place, NO_RANK)
    for positive in (True, False):
        together = [rank for (_, sign), rank in recounted.ranks.items() if sign is positive]
        yield ALL, positive, kept.ranks.get((ALL, positive), NO_RANK), _joined(together)


def _joined(ranks: list[float]) -> float:
    """The rank of a sum, of the ranks of its parts."""
    highest = max(ranks, default=NO_RANK)
    return highest if highest <= NO_RANK else highest + log2(fsum(exp2(rank - highest) for rank in ranks))


def _apart(kept: float, recounted: float, apart: float) -> str:
    if kept <= NO_RANK or recounted <= NO_RANK:
        return "nothing kept" if kept <= NO_RANK else "kept, but no touch makes it"
    return f"{'too high' if kept > recounted else 'too low'} by {apart:.3g} (relative)"


def _time(ms: int) -> str:
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds") if ms else "never"
