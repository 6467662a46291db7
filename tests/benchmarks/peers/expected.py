"""The count and the score that each customer must have at the end of a day, computed from the generated messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import fsum
from typing import Final, NamedTuple

from tests.benchmarks.day import Message
from tests.benchmarks.peers.contract import Place, read_touch

TOLERANCE: Final = 1e-9  # relative to the sum of the absolute points: floating-point sums depend on their order
_SHOWN: Final = 3


class Expected(NamedTuple):
    """A customer: touches, score relative to the landmark, and the sum of the absolute points."""

    touches: int
    score: float
    size: float


def expect_customers(messages: Iterable[Message]) -> dict[str, Expected]:
    """Return every customer of a day. Whether a message counts is known from the generator, not from its content."""
    points: defaultdict[str, list[float]] = defaultdict(list)
    for offset, message in enumerate(messages):
        if message.kind in ("invalid", "repeat"):
            continue
        touch = read_touch(message.channel, message.value, Place(message.channel, 0, offset, 0))
        if touch is not None and touch.owner != touch.event_id:
            points[touch.owner].append(touch.points)
    return {
        customer: Expected(len(all_points), fsum(all_points), fsum(map(abs, all_points)))
        for customer, all_points in points.items()
    }


PROFILES: Final = """
    SELECT identifier, touches, rank_pos FROM profiles FINAL WHERE parent = ''
    UNION ALL
    SELECT concat(identifier, ' (negative)'), touches, rank_neg FROM profiles FINAL WHERE parent = ''
"""
"""Query of Touchline's tables: every profile with its touches and its score, as the logarithm that is stored."""


def expect_profiles(found: Iterable[tuple[str, int, float]]) -> dict[str, Expected]:
    """Return what `PROFILES` found after a run of Touchline as what it must find after another one's."""
    return {profile: Expected(touches, rank, max(1.0, abs(rank))) for profile, touches, rank in found}


def describe_differences(expected: Mapping[str, Expected], found: Iterable[tuple[str, int, float]]) -> str:
    """Return what differs between the expected customers and those found (customer, touches, score); '' if nothing."""
    left, wrong = dict(expected), list[str]()
    for customer, touches, score in found:
        due = left.pop(customer, None)
        if due is None:
            wrong.append(f"{customer} is unknown, or there twice")
        elif touches != due.touches or abs(score - due.score) > TOLERANCE * due.size:
            wrong.append(f"{customer} has {touches} touches and score {score!r}, due {due.touches} and {due.score!r}")
    wrong += [f"{customer} is missing" for customer in left]
    return f"{len(wrong)} customers are wrong: {'; '.join(wrong[:_SHOWN])}" if wrong else ""
