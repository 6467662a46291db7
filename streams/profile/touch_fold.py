"""The fold of a touch into the local state of its strongest identifier, and the total of a local state.

An aggregate is a plain sum and the open days (capped touches, runs). As long as no day is closed
(streams.profile.aggregate_fold), the result is a function of the set of touches, not of their order. Touches that may
be revised are folded by streams.profile.revisable_touches.
"""

from schemas.touch import Touch
from streams.profile.aggregate_fold import fold_into
from streams.profile.local_state import Aggregate, LocalState, RevisedAggregate, aggregate_of
from streams.profile.revisable_touches import fold_beside
from streams.profile.score import add_maps
from streams.profile.single_touch import SingleTouch, single_touch_of, summary_of
from streams.profile.summary import Summary


def fold_touch(local: LocalState, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int) -> tuple[float, bool]:
    """Fold a touch that was not folded before, and return (weight, too late?) for its row. Changes `local`.

    A touch of a bot changes counts and times only, not score, caps, sessions, sources and traits. Any other touch
    changes the sessions of its UTC day unless it is too late.
    """
    content = local.content
    if type(content) is Aggregate:
        return fold_into(content, touch, half_life_ms, late_days, gap_ms)
    if content is None:
        local.content = single_touch_of(touch, half_life_ms)
        return 0.0 if touch.bot else touch.weight, False
    if isinstance(content, RevisedAggregate):
        return fold_beside(local, content, touch, half_life_ms, late_days, gap_ms)
    assert isinstance(content, SingleTouch)
    local.content = aggregate = aggregate_of(content)
    return fold_into(aggregate, touch, half_life_ms, late_days, gap_ms)


def total(local: LocalState) -> Summary:
    """Return the total of a local state, open days included. It shares nothing that a later fold changes."""
    content = local.content
    if content is None:
        return Summary(identifiers=1)
    if isinstance(content, SingleTouch):
        return summary_of(content)
    plain, capped = content.plain, content.open
    return Summary(
        plain.touches.copy() if len(plain.touches) < 2 else dict(sorted(plain.touches.items())),
        plain.bots,
        plain.identifiers,
        plain.first_seen_ms,
        plain.last_seen_ms,
        add_maps(plain.pos, capped.pos),
        add_maps(plain.neg, capped.neg),
        plain.first,
        plain.last,
        plain.traits,  # a new list each time
        plain.rules_version,
    )
