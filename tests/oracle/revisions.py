"""Which of several touches of one event id count: of each id the highest revision, whatever the order of arrival.

The property that this defines: the state, the rows and the rollups of a set of touches are those of `newest` of it.
"""

from collections.abc import Hashable, Iterable

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.engage.revisions import revisable_of
from tests.oracle.touch import day_of_id


def identity_of(touch: Touch) -> Hashable:
    """Return what copies and revisions of a touch have in common: owner, event id, channel, day of the id."""
    owner = touch.ids[0] if touch.ids else touch.tenant
    return owner, touch.event_id, touch.channel, day_of_id(touch.channel, touch.source_at_ms)


def newest(touches: Iterable[Touch]) -> list[Touch]:
    """Return the touches that count: of each the highest revision, of equal ones the larger digest of the content.

    Copies without a revision are equal, so it makes no difference which of them counts.
    """
    found: dict[Hashable, Touch] = {}
    for each in touches:
        key = identity_of(each)
        if key not in found or _order(each) > _order(found[key]):
            found[key] = each
    return list(found.values())


def _order(touch: Touch) -> tuple[int, bytes]:
    if touch.revision is None:
        return -1, b""
    return touch.revision, revisable_of(touch, DAY_MS).digest
