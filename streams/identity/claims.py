"""How ties come about: a touch claims, the claimed identifier hears of it, a command vetoes.

The strongest identifier of a touch claims each weaker one with a `Link`. Every function is pure: it returns the ties
as they are afterwards (the same object if nothing changed) and the records to append. `version` is always the offset
of the record being folded, in the partition of the identifier `me`.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity.ties import Limits, Ties, parent_of


def claim(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: Limits
) -> tuple[Ties, list[Link]]:
    """A touch at `at_ms` carried `me`, its strongest identifier, and the `weaker` ones.

    Safe to repeat, and to be called for duplicates: only an identifier seen with `me` earlier than was known (or for
    the first time) causes a link. Over the limit those seen earliest stay; who is put out is told, and forgotten
    with its summary.
    """
    told = ties.told
    fresh = [key for key in weaker if key not in told or at_ms < told[key]]
    if not fresh:
        return ties, []
    after = _earliest({**told, **dict.fromkeys(fresh, at_ms)}, limits.links)
    changed = sorted(key for key in {*told, *after} if told.get(key) != after.get(key))
    if not changed:  # every newcomer came too late for a place
        return ties, []
    children = {key: child for key, child in ties.children.items() if key in after}
    return replace(ties, told=after, children=children), [Link(key, me, version, after.get(key)) for key in changed]


def take_link(me: str, ties: Ties, link: Link, version: int, limits: Limits) -> tuple[Ties, list[Sum]]:
    """`me` learns since when `link.target` claims it.

    A claimant that does not become the parent gets the answer 'not yours', whose version bars every older summary
    that may still be on its way to it from an earlier tie.
    """
    if ties.shared:
        after = ties
    else:
        known = ties.claims.get(link.target)
        if known is not None and link.version <= known[0]:
            return ties, []
        after = _claimed(ties, link, limits)
    if link.since is None or link.target in (parent_of(ties), parent_of(after)):
        return after, []  # withdrawn; or told by `tree`, as the parent before or after
    return after, [Sum(link.target, me, version, None)]


def take_unlink(ties: Ties, unlink: Unlink) -> Ties:
    """A veto is set or lifted; the latest word on a target wins, whatever order the words come in."""
    word = (unlink.at, unlink.on)
    known = ties.vetoes.get(unlink.target)
    if known is not None and word <= known:
        return ties
    return replace(ties, vetoes={**ties.vetoes, unlink.target: word})


def _claimed(ties: Ties, link: Link, limits: Limits) -> Ties:
    """With one claim more. A crowd makes an identifier shared: refusing the last comer would depend on the order."""
    claims = {**ties.claims, link.target: (link.version, link.since)}
    if len(claims) > limits.targets:
        return replace(ties, claims={}, shared=True)
    return replace(ties, claims=claims)


def _earliest(told: dict[str, int], limit: int) -> dict[str, int]:
    if len(told) <= limit:
        return told
    return dict(sorted(told.items(), key=lambda item: (item[1], item[0]))[:limit])
