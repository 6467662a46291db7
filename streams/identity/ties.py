"""Who an identifier belongs to: the state each one keeps, and what that state says.

An identifier belongs to at most one parent, always of a stronger namespace, so there are no cycles: whoever folds goes
by one order (`streams.identity.precedence`), and all orders that a site ever has agree
(`streams.identity.pinned_settings`). A profile is an
identifier without a parent, with all below it. The parent is the earliest claim that nobody vetoed: a minimum over the
set of touches, so the order in which they arrive, or how often, cannot matter.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct, field

EVERYBODY: Final = "*"  # the target of an `Unlink` that cuts an identifier off from every parent


class Limits(Struct, frozen=True):
    """How many ties one identifier keeps. Changing them changes who belongs to whom from then on."""

    targets: int = 20  # claimed by more than this many, an identifier is shared and belongs to nobody
    links: int = 200  # an identifier takes this many weaker ones, those it was seen with earliest


class Ties(Struct, array_like=True, frozen=True, gc=False):
    """What an identifier knows of the others. Never changed in place.

    Most identifiers know of none: keep None for those (one byte) and fold `ties or NO_TIES`.
    """

    claims: dict[str, tuple[int, int | None]] = field(default_factory=dict)  # stronger -> (version, since ms or None)
    told: dict[str, int] = field(default_factory=dict)  # weaker -> earliest ms seen together, as its link said
    children: dict[str, tuple[int, bytes | None]] = field(default_factory=dict)  # weaker -> (version, total or None)
    vetoes: dict[str, tuple[int, bool]] = field(default_factory=dict)  # stronger or '*' -> (at ms, on)
    shared: bool = False  # claimed by too many, for good; `claims` is empty then


NO_TIES: Final = Ties()


class Why(StrEnum):
    """The reason for an identifier's place, as the `identities` table shows it."""

    CLAIM = "claim"  # it has a parent: the earliest claim
    SHARED = "shared"  # too many claim it
    VETOED = "vetoed"  # it is claimed, and every claim is vetoed
    NONE = "none"  # nobody claims it


class Place(NamedTuple):
    """Where an identifier stands: its parent, the reason, and since when (epoch ms of the claim that holds)."""

    parent: str | None
    why: Why
    since: int | None


def parent_of(ties: Ties) -> str | None:
    """The identifier this one belongs to, or None if it is a profile of its own."""
    if not ties.claims:
        return None
    return min(_standing_claims(ties), default=(0, None))[1]


def place_of(ties: Ties) -> Place:
    """The parent with its reason, for the row of `identities`."""
    standing = min(_standing_claims(ties), default=None)
    if standing is not None:
        return Place(standing[1], Why.CLAIM, standing[0])
    if ties.shared:
        return Place(None, Why.SHARED, None)
    claimed = any(since is not None for _, since in ties.claims.values())
    return Place(None, Why.VETOED if claimed else Why.NONE, None)


def conflicts(ties: Ties) -> list[tuple[str, int]]:
    """The claims that hold but lose: (target, since ms), earliest first.

    Two of them may still meet in one profile further up; only a reader of all identities can tell.
    """
    return [(target, since) for since, target in sorted(_standing_claims(ties))[1:]]


def _standing_claims(ties: Ties) -> Iterator[tuple[int, str]]:
    """(since ms, target) of each claim that is neither withdrawn nor vetoed; the smallest is the parent."""
    if not _vetoed(ties, EVERYBODY):
        for target, (_, since) in ties.claims.items():
            if since is not None and not _vetoed(ties, target):
                yield since, target


def _vetoed(ties: Ties, target: str) -> bool:
    veto = ties.vetoes.get(target)
    return veto is not None and veto[1]
