"""The parent of each identifier, from the set of all claims and commands, independent of their order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.identity_messages import Unlink
from tests.oracle.touch import UncertainError

Claims = dict[str, list[tuple[int, str]]]  # weaker -> (since ms, stronger)


@dataclass(frozen=True, slots=True)
class Place:
    """An identifier's parent, its time and reason; `conflicts` are the losing claims, earliest first."""

    parent: str | None
    since_ms: int
    why: str
    conflicts: tuple[str, ...] = ()


@dataclass(slots=True)
class Identities:
    """Places by identifier. Engage may not know the `uncertain` ones, since a limit displaced all their links."""

    places: dict[str, Place] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)

    def root(self, key: str) -> str:
        """Return the profile that an identifier is part of."""
        parent = self.places[key].parent
        return key if parent is None else self.root(parent)

    def depth(self, key: str) -> int:
        """Return the number of steps from an identifier to its profile."""
        parent = self.places[key].parent
        return 0 if parent is None else 1 + self.depth(parent)


def identify(
    present: Iterable[str],
    claimed: Iterable[tuple[str, str, int]],
    commands: Iterable[Unlink],
    links: int,
    targets: int,
) -> Identities:
    """Return each identifier's earliest claim that no command forbids. Raises UncertainError.

    `present` are the identifiers that count touches or received a command, `claimed` is (stronger, weaker, since ms) of
    every touch, repeats included, and of every command that claims.
    """
    claims_by_stronger: dict[str, dict[str, int]] = defaultdict(dict)
    for stronger, weaker, at_ms in claimed:
        claims_by_stronger[stronger][weaker] = min(at_ms, claims_by_stronger[stronger].get(weaker, at_ms))
    words: dict[tuple[str, str], tuple[int, bool]] = {}
    for command in commands:
        pair = command.to, command.target
        words[pair] = max(words.get(pair, (-1, False)), (command.at, command.on))
    claims = _kept(claims_by_stronger, links, targets)
    vetoed = {pair for pair, (_, on) in words.items() if on}
    named = {weaker for by_weaker in claims_by_stronger.values() for weaker in by_weaker}
    there = set(present)
    found = Identities(uncertain=named - there - claims.keys())
    for key in there | named:
        found.places[key] = _place(key, claims.get(key, []), vetoed, targets)
    return found


def _kept(claims_by_stronger: dict[str, dict[str, int]], links: int, targets: int) -> Claims:
    """Return the earliest claims of each stronger identifier, as many as its limit allows."""
    claims: Claims = defaultdict(list)
    ever: dict[str, int] = defaultdict(int)
    for stronger, by_weaker in claims_by_stronger.items():
        for weaker in by_weaker:
            ever[weaker] += 1
        for at_ms, weaker in sorted((at_ms, weaker) for weaker, at_ms in by_weaker.items())[:links]:
            claims[weaker].append((at_ms, stronger))
    for weaker, count in ever.items():
        if len(claims.get(weaker, ())) <= targets < count:
            raise UncertainError(f"{weaker}: the order of arrival decides whether it has too many claims")
    return claims


def _place(key: str, claims: list[tuple[int, str]], vetoed: set[tuple[str, str]], targets: int) -> Place:
    if len(claims) > targets:
        return Place(None, 0, "shared")
    free = sorted(claim for claim in claims if (key, claim[1]) not in vetoed)
    if not claims or not free or (key, "*") in vetoed:
        return Place(None, 0, "vetoed" if claims else "none")
    return Place(free[0][1], free[0][0], "claim", tuple(target for _, target in free[1:]))
