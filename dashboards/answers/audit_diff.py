"""Comparison of a profile's stored aggregates with the recomputed ones. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp2, fsum, log2
from typing import Final, NamedTuple

from dashboards.answers.audit_recount import ALL, Aggregates
from dashboards.answers.score import difference
from schemas.columns import NO_RANK

TOLERANCE: Final = 1e-9  # relative, of scores; the same sum in another order differs by less
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Comparison(NamedTuple):
    """Descriptions of the differences, and the largest relative difference of a score (`drift`)."""

    differences: list[str]
    drift: float


def compare(stored: Aggregates, recounted: Aggregates) -> Comparison:
    """Compare one profile. Counts and times must be equal, scores within TOLERANCE."""
    if not recounted.known:
        return Comparison(["in profiles as a profile, but not in identities"], 0.0)
    found = [] if stored.known else ["no row in profiles"]
    found += _counts(stored, recounted)
    drift = 0.0
    for channel, positive, a, b in _ranks(stored, recounted):
        apart = difference(a, b)
        drift = max(drift, apart)
        if apart > TOLERANCE:
            where = channel or "all channels"
            found.append(f"score of {where}, {'positive' if positive else 'negative'}: {_describe(a, b, apart)}")
    return Comparison(found, drift)


def _counts(stored: Aggregates, recounted: Aggregates) -> Iterator[str]:
    for channel in sorted(stored.touches.keys() | recounted.touches.keys()):
        yield from _unequal(f"touches of {channel}", stored.touches.get(channel, 0), recounted.touches.get(channel, 0))
    if stored.known:
        yield from _unequal("touches of all channels", stored.total, sum(recounted.touches.values()))
        yield from _unequal("identifiers", stored.identifiers, recounted.identifiers)
    yield from _unequal("bots", stored.bots, recounted.bots)
    yield from _unequal("first seen", _time(stored.first_ms), _time(recounted.first_ms))
    yield from _unequal("last seen", _time(stored.last_ms), _time(recounted.last_ms))
    for what, a, b in (
        ("sessions", stored.sessions, recounted.sessions),
        ("runs within a day", stored.runs, recounted.runs),
    ):
        yield from _unequal(what, a[0], b[0])
        if a[0] == b[0] and a[1] != b[1]:
            yield f"{what}: same number as in the touches, but different ones"


def _unequal(what: str, stored: int | str, recounted: int | str) -> Iterator[str]:
    if stored != recounted:
        yield f"{what}: {stored} stored, {recounted} in the touches"


def _ranks(stored: Aggregates, recounted: Aggregates) -> Iterator[tuple[str, bool, float, float]]:
    """Yield (channel, is positive, stored rank, recomputed rank), with ALL for the sum of the channels."""
    for channel, positive in sorted(stored.ranks.keys() | recounted.ranks.keys()):
        if channel != ALL:
            key = channel, positive
            yield channel, positive, stored.ranks.get(key, NO_RANK), recounted.ranks.get(key, NO_RANK)
    for positive in (True, False):
        ranks = [rank for (_, sign), rank in recounted.ranks.items() if sign is positive]
        yield ALL, positive, stored.ranks.get((ALL, positive), NO_RANK), _rank_of_sum(ranks)


def _rank_of_sum(ranks: list[float]) -> float:
    """Return the rank of a sum from the ranks of its terms."""
    highest = max(ranks, default=NO_RANK)
    return highest if highest <= NO_RANK else highest + log2(fsum(exp2(rank - highest) for rank in ranks))


def _describe(stored: float, recounted: float, apart: float) -> str:
    if stored <= NO_RANK or recounted <= NO_RANK:
        return "not stored" if stored <= NO_RANK else "stored, but no touch gives it"
    return f"{'too high' if stored > recounted else 'too low'} by {apart:.3g} (relative)"


def _time(ms: int) -> str:
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds") if ms else "never"
