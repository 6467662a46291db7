"""Ties of an identifier: the claims on it, the identifiers linked to it, and the parent that follows from them.

An identifier has at most one parent, always of a stronger namespace, so there are no cycles: each worker folds by one
order of namespaces (`streams.identity.precedence`), and all orders that a site ever has are compatible
(`streams.identity.pinned_settings`). A profile is an identifier without a parent, together with its subtree. The parent
is the earliest claim without a veto: a minimum over the set of touches, so neither the order in which they arrive nor
how often they arrive matters.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct, field

EVERY_PARENT: Final = "*"  # the target of an `Unlink` that cuts an identifier off from every parent


class TieLimits(Struct, frozen=True):
    """How many ties one identifier keeps. A change affects the ties made from then on."""

    targets: int = 20  # an identifier with more claims than this is shared and has no parent
    links: int = 200  # weaker identifiers that one identifier claims: those seen with it earliest


class Ties(Struct, array_like=True, frozen=True, gc=False):
    """Ties of one identifier. Never changed in place.

    Most identifiers have none: store None for those (one byte) and fold `ties or NO_TIES`.
    """

    claims: dict[str, tuple[int, int | None]] = field(default_factory=dict)  # stronger -> (version, since ms or None)
    linked: dict[str, int] = field(default_factory=dict)  # weaker -> earliest ms seen together, as sent in its link
    children: dict[str, tuple[int, bytes | None]] = field(default_factory=dict)  # weaker -> (version, total or None)
    vetoes: dict[str, tuple[int, bool]] = field(default_factory=dict)  # stronger or '*' -> (at ms, on)
    shared: bool = False  # too many claims; permanent, and `claims` is empty then


NO_TIES: Final = Ties()


class PlacementReason(StrEnum):
    """The reason for an identifier's parent or its absence; column `why` of `identities`."""

    CLAIM = "claim"  # the parent is the earliest claim
    SHARED = "shared"  # too many claims
    VETOED = "vetoed"  # every claim is vetoed
    NONE = "none"  # no claim


class Placement(NamedTuple):
    """The parent of an identifier, the reason, and since when (epoch ms of the claim that applies)."""

    parent: str | None
    why: PlacementReason
    since: int | None


def parent_of(ties: Ties) -> str | None:
    """Return the parent; None means that the identifier is a profile of its own."""
    if not ties.claims:
        return None
    return min(_standing_claims(ties), default=(0, None))[1]


def placement_of(ties: Ties) -> Placement:
    """Return the parent with its reason, for the row of `identities`."""
    standing = min(_standing_claims(ties), default=None)
    if standing is not None:
        return Placement(standing[1], PlacementReason.CLAIM, standing[0])
    if ties.shared:
        return Placement(None, PlacementReason.SHARED, None)
    claimed = any(since is not None for _, since in ties.claims.values())
    return Placement(None, PlacementReason.VETOED if claimed else PlacementReason.NONE, None)


def conflicts(ties: Ties) -> list[tuple[str, int]]:
    """Return the claims without a veto that are not the earliest: (target, since ms), earliest first.

    Two of them may still meet in one profile further up, which only a query over all identities can tell.
    """
    return [(target, since) for since, target in sorted(_standing_claims(ties))[1:]]


def _standing_claims(ties: Ties) -> Iterator[tuple[int, str]]:
    """Yield (since ms, target) of each claim that is neither withdrawn nor vetoed; the smallest is the parent."""
    if not _vetoed(ties, EVERY_PARENT):
        for target, (_, since) in ties.claims.items():
            if since is not None and not _vetoed(ties, target):
                yield since, target


def _vetoed(ties: Ties, target: str) -> bool:
    veto = ties.vetoes.get(target)
    return veto is not None and veto[1]
