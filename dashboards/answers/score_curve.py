"""The score of a profile over time: what it was, what becomes of it without further touches, and when it is hot.

The curve steps at each touch that counts and halves between them. It is computed from the touches of the identifiers
that the profile has now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, exp2, log2
from typing import Final, NamedTuple

from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE

_STEPS: Final = 130  # steps drawn: two points each
_PAUSES: Final = 100  # points that bend the curve between them
_FUTURE_POINTS: Final = 40


Point = tuple[int, float]
"""A time in ms since 1970 and the score at it."""


@dataclass(frozen=True, slots=True)
class ScoreCurve:
    """`past` ends at `at_ms`, where `future` begins; at a step two points have the same time.

    `hot_since_ms` is when the score last reached `hot_from`, None if it is below; `hot_until_ms` is when it falls below
    without a further touch. `thinned` means that the curve had more steps than are drawn.
    """

    at_ms: int
    score: float
    hot_from: float
    hot_since_ms: int | None
    hot_until_ms: int | None
    past: tuple[Point, ...]
    future: tuple[Point, ...]
    thinned: bool


class _Step(NamedTuple):
    at_ms: int
    before: float
    after: float


def score_curve(
    client: Client,
    scope: Scope,
    identifiers: Sequence[str],
    *,
    at_ms: int,
    half_life_ms: int,
    since_ms: int,
    until_ms: int,
) -> ScoreCurve:
    """Return the curve of the profile with those identifiers from `since_ms` to `at_ms` and on to `until_ms`."""
    rows = read(
        client,
        "score_steps",
        tenant=scope.tenant,
        identifiers=list(identifiers),
        since_ms=0,
        until_ms=at_ms,
        at_ms=at_ms,
        half_life_ms=half_life_ms,
    )
    steps: list[_Step] = []
    for row in rows:
        before = _decayed(steps[-1], row["t_ms"], half_life_ms) if steps else 0.0
        steps.append(_Step(row["t_ms"], before, before + row["points"]))
    now = _decayed(steps[-1], at_ms, half_life_ms) if steps else 0.0
    drawn = [step for step in steps if step.at_ms >= since_ms]
    earlier = [step for step in steps if step.at_ms < since_ms]
    start = _decayed(earlier[-1], since_ms, half_life_ms) if earlier else 0.0
    kept = _thin(drawn)
    return ScoreCurve(
        at_ms,
        now,
        HOT_SCORE,
        _hot_since(steps) if now >= HOT_SCORE else None,
        at_ms + int(half_life_ms * log2(now / HOT_SCORE)) if now >= HOT_SCORE else None,
        tuple(_bend(_Step(since_ms, start, start), kept, at_ms, half_life_ms)),
        tuple(_future(_Step(at_ms, now, now), until_ms, half_life_ms)),
        len(kept) < len(drawn),
    )


def _decayed(step: _Step, at_ms: float, half_life_ms: int) -> float:
    return step.after * exp2((step.at_ms - at_ms) / half_life_ms)


def _hot_since(steps: Sequence[_Step]) -> int | None:
    """Return the latest step from below to hot. Later steps were hot before and after."""
    return next((step.at_ms for step in reversed(steps) if step.before < HOT_SCORE <= step.after), None)


def _thin(steps: Sequence[_Step]) -> list[_Step]:
    """Return the steps, or if they are too many the largest of each stretch of them."""
    size = ceil(len(steps) / _STEPS) or 1
    stretches = [steps[first : first + size] for first in range(0, len(steps), size)]
    return [max(stretch, key=lambda step: abs(step.after - step.before)) for stretch in stretches]


def _bend(start: _Step, steps: Sequence[_Step], at_ms: int, half_life_ms: int) -> list[Point]:
    """Return the points from a start over some steps until a time."""
    apart_ms = (at_ms - start.at_ms) / _PAUSES
    points: list[Point] = []
    for step, following in pairwise([start, *steps, _Step(at_ms, 0.0, 0.0)]):
        points += [(step.at_ms, step.before)] if step.before != step.after else []
        points += _decay(step, following.at_ms, apart_ms, half_life_ms)
    last = steps[-1] if steps else start
    return [*points, (at_ms, _decayed(last, at_ms, half_life_ms))]


def _future(now: _Step, until_ms: int, half_life_ms: int) -> list[Point]:
    end = (until_ms, _decayed(now, until_ms, half_life_ms))
    return [*_decay(now, until_ms, (until_ms - now.at_ms) / _FUTURE_POINTS, half_life_ms), end]


def _decay(step: _Step, until_ms: int, apart_ms: float, half_life_ms: int) -> list[Point]:
    """Return points of the decay after a step, before a time."""
    count = int((until_ms - step.at_ms) / apart_ms) if apart_ms > 0 and step.after else 0
    times = [step.at_ms + int(number * apart_ms) for number in range(count + 1)]
    return [(t_ms, _decayed(step, t_ms, half_life_ms)) for t_ms in times if t_ms < until_ms or count == 0]
