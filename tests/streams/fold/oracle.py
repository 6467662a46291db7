"""What identity must come to, computed from everything at once: no order, no log, none of the product's code.

Identifiers here are short: `a1` `p1` `e1` `x1` `m1`, a namespace letter and a number, strength growing along NAMES.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from schemas.records import Unlink
from streams.fold.identity import Limits

NAMES = "apexm"


class Touch(Struct, frozen=True, array_like=True, tag=1):
    """A touch as engage gets it: its identifiers strongest first. One that does not count only brings claims."""

    event_id: str
    ids: tuple[str, ...]
    at: int
    points: int
    counts: bool


class Expected(NamedTuple):
    """Where an identifier stands, and what it shows if it is a profile (n, points, members)."""

    parent: str | None
    shown: tuple[int, int, tuple[str, ...]] | None


def level(identifier: str) -> int:
    return NAMES.index(identifier[0])


def ranked(identifiers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(identifiers), key=lambda identifier: (-level(identifier), identifier)))


def counted(touches: Iterable[Touch]) -> dict[tuple[str, str], Touch]:
    """The touches that count, once per (strongest identifier, event id), however often they were sent."""
    return {(touch.ids[0], touch.event_id): touch for touch in touches if touch.ids and touch.counts}


def oracle(touches: Sequence[Touch], commands: Sequence[Unlink], limits: Limits) -> dict[str, Expected]:
    everybody = {identifier for touch in touches for identifier in touch.ids}
    claims = _claims(touches, limits.links)
    vetoed = _vetoed(commands)
    parent: dict[str, str | None] = {}
    for identifier in everybody:
        since = claims.get(identifier, {})
        free = [(at, target) for target, at in since.items() if (identifier, target) not in vetoed]
        alone = len(since) > limits.targets or (identifier, "*") in vetoed
        parent[identifier] = min(free)[1] if free and not alone else None

    def root(identifier: str) -> str:
        above = parent[identifier]
        return identifier if above is None else root(above)

    mine = counted(touches)
    expected = {identifier: Expected(above, None) for identifier, above in parent.items()}
    for profile in (identifier for identifier, above in parent.items() if above is None):
        members = tuple(sorted(identifier for identifier in everybody if root(identifier) == profile))
        touched = [touch for (owner, _), touch in mine.items() if owner in members]
        expected[profile] = Expected(None, (len(touched), sum(touch.points for touch in touched), members))
    return expected


def _claims(touches: Iterable[Touch], places: int) -> dict[str, dict[str, int]]:
    """weaker -> {stronger: earliest time}; each stronger one keeps its earliest claims, up to its places."""
    of: dict[str, dict[str, int]] = {}
    for touch in touches:
        for weaker in touch.ids[1:]:
            own = of.setdefault(touch.ids[0], {})
            own[weaker] = min(touch.at, own.get(weaker, touch.at))
    claims: dict[str, dict[str, int]] = {}
    for stronger, own in of.items():
        for weaker, at in sorted(own.items(), key=lambda item: (item[1], item[0]))[:places]:
            claims.setdefault(weaker, {})[stronger] = at
    return claims


def _vetoed(commands: Iterable[Unlink]) -> set[tuple[str, str]]:
    words: dict[tuple[str, str], tuple[int, bool]] = {}
    for command in commands:
        word = (command.at, command.on)
        words[command.to, command.target] = max(words.get((command.to, command.target), word), word)
    return {pair for pair, (_, on) in words.items() if on}
