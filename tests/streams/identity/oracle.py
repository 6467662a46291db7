"""Expected identities, computed from the whole set of touches: without order, log or the product's code.

Identifiers here are short: `a1` `p1` `e1` `x1` `m1`, a namespace letter and a number, strength growing along NAMES.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from schemas.identity_messages import Unlink
from streams.identity.ties import TieLimits
from tests.oracle.identity import identify

NAMES = "apexm"


class Touch(Struct, frozen=True, array_like=True, tag=1):
    """A touch as engage receives it: identifiers strongest first. One that does not count has claims only."""

    event_id: str
    ids: tuple[str, ...]
    at: int
    points: int
    counts: bool


class Expected(NamedTuple):
    """The parent of an identifier, and its values if it is a profile (n, points, members)."""

    parent: str | None
    shown: tuple[int, int, tuple[str, ...]] | None


def level(identifier: str) -> int:
    return NAMES.index(identifier[0])


def ranked(identifiers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(identifiers), key=lambda identifier: (-level(identifier), identifier)))


def counted(touches: Iterable[Touch]) -> dict[tuple[str, str], Touch]:
    """Return the touches that count, once per (strongest identifier, event id)."""
    return {(touch.ids[0], touch.event_id): touch for touch in touches if touch.ids and touch.counts}


def oracle(touches: Sequence[Touch], commands: Sequence[Unlink], limits: TieLimits) -> dict[str, Expected]:
    """Return the expectation of each identifier. Raises UncertainError if both limits apply and order decides."""
    everybody = {identifier for touch in touches for identifier in touch.ids}
    claimed = [(touch.ids[0], weaker, touch.at) for touch in touches for weaker in touch.ids[1:]]
    identities = identify(everybody, claimed, commands, limits.links, limits.targets)
    mine = counted(touches)
    expected = {identifier: Expected(place.parent, None) for identifier, place in identities.places.items()}
    for profile in (identifier for identifier, place in identities.places.items() if place.parent is None):
        members = tuple(sorted(one for one in everybody if identities.root(one) == profile))
        touched = [touch for (owner, _), touch in mine.items() if owner in members]
        expected[profile] = Expected(None, (len(touched), sum(touch.points for touch in touched), members))
    return expected
