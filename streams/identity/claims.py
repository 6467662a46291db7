"""How ties change: a touch makes claims, the claimed identifier folds them, a command vetoes them.

The strongest identifier of a touch claims each weaker one with a `Link`. Every function is pure: it returns the new
ties (the same object if nothing changed) and the messages to send. `version` is always the offset of the record that
is being folded, in the partition of the identifier `me`.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity.ties import TieLimits, Ties, parent_of


def claim(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """Fold a touch at `at_ms` that carried `me`, its strongest identifier, and the `weaker` ones.

    Idempotent, and safe for duplicates: a link is sent only to an identifier that was seen with `me` for the first
    time, or earlier than known. Over the limit the identifiers seen earliest stay; a displaced one receives a link
    without a time, and its total is deleted.
    """
    linked = ties.linked
    fresh = [key for key in weaker if key not in linked or at_ms < linked[key]]
    if not fresh:
        return ties, []
    after = _earliest({**linked, **dict.fromkeys(fresh, at_ms)}, limits.links)
    changed = sorted(key for key in {*linked, *after} if linked.get(key) != after.get(key))
    if not changed:  # every new identifier was seen later than those that fill the limit
        return ties, []
    children = {key: child for key, child in ties.children.items() if key in after}
    return replace(ties, linked=after, children=children), [Link(key, me, version, after.get(key)) for key in changed]


def fold_link(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """Fold the time since when `link.target` claims `me`.

    A claimant that does not become the parent is answered with an empty sum. Its version makes the claimant ignore any
    older total from a former tie that is still in flight.
    """
    if ties.shared:
        after = ties
    else:
        known = ties.claims.get(link.target)
        if known is not None and link.version <= known[0]:
            return ties, []
        after = _add_claim(ties, link, limits)
    if link.since is None or link.target in (parent_of(ties), parent_of(after)):
        return after, []  # withdrawn, or a former or new parent, which streams.identity.hierarchy notifies
    return after, [Sum(link.target, me, version, None)]


def fold_unlink(ties: Ties, unlink: Unlink) -> Ties:
    """Set or lift a veto. The command with the latest time wins, in whatever order commands arrive."""
    command = (unlink.at, unlink.on)
    known = ties.vetoes.get(unlink.target)
    if known is not None and command <= known:
        return ties
    return replace(ties, vetoes={**ties.vetoes, unlink.target: command})


def _add_claim(ties: Ties, link: Link, limits: TieLimits) -> Ties:
    """Add a claim. Too many make the identifier shared: refusing the last one would depend on the order of arrival."""
    claims = {**ties.claims, link.target: (link.version, link.since)}
    if len(claims) > limits.targets:
        return replace(ties, claims={}, shared=True)
    return replace(ties, claims=claims)


def _earliest(linked: dict[str, int], limit: int) -> dict[str, int]:
    if len(linked) <= limit:
        return linked
    return dict(sorted(linked.items(), key=lambda item: (item[1], item[0]))[:limit])
