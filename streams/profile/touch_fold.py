"""The fold of a touch into the local state of its strongest identifier, and the total of a local state.

An aggregate is a plain sum and the open days (capped touches, runs). A day is open until a touch arrives that happened
more than `late_days` days after it; then the sums of the day are added to the plain sum permanently. A touch for a
closed day is `too_late`: it is neither capped nor part of a session, and its weight counts only if it has no cap.
Within that horizon the result is a function of the set of touches, not of their order.
"""

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile import open_days
from streams.profile.local_state import Aggregate, LocalState, aggregate_of
from streams.profile.score import add_maps, add_to, contribution
from streams.profile.single_touch import SingleTouch, single_touch_of, source_of, summary_of
from streams.profile.summary import Source, Summary
from streams.profile.traits import add_traits


def fold_touch(local: LocalState, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int) -> tuple[float, bool]:
    """Fold a touch that was not folded before, and return (weight, too late?) for its row. Changes `local`.

    A touch of a bot changes counts and times only, not score, caps, sessions, sources and traits. Any other touch
    changes the sessions of its UTC day unless it is too late.
    """
    content = local.content
    if isinstance(content, Aggregate):
        return _fold(content, touch, half_life_ms, late_days, gap_ms)
    if content is None:
        local.content = single_touch_of(touch, half_life_ms)
        return 0.0 if touch.bot else touch.weight, False
    local.content = aggregate = aggregate_of(content)
    return _fold(aggregate, touch, half_life_ms, late_days, gap_ms)


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


def _fold(aggregate: Aggregate, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int) -> tuple[float, bool]:
    """Fold the touch and return (weight, too late?). Changes `aggregate`."""
    plain, t_ms, channel = aggregate.plain, touch.occurred_at_ms, touch.channel
    too_late = t_ms // DAY_MS < _update_seen(aggregate, t_ms, touch.rules_version, late_days)
    touches = plain.touches
    touches[channel] = touches.get(channel, 0) + 1
    if touch.bot:
        plain.bots += 1
        return 0.0, False
    if touch.traits:
        plain.traits = add_traits(plain.traits, t_ms, touch.event_id, touch.traits)
    if touch.source:
        _attribute(plain, source_of(touch))
    weight = touch.weight
    if not touch.cap:
        if weight:
            add_to(plain.pos if weight > 0 else plain.neg, channel, contribution(weight, t_ms, half_life_ms))
    elif too_late:
        return 0.0, True
    if not too_late:
        open_days.add_touch(aggregate.open, touch, half_life_ms, gap_ms)
    return weight, too_late


def _update_seen(aggregate: Aggregate, t_ms: int, rules_version: str, late_days: int) -> int:
    """Update first and last seen, close the days that are then too old, and return the earliest open day.

    A day is open while the newest touch of the identifier happened at most `late_days` days after it.
    """
    plain = aggregate.plain
    last_ms = plain.last_seen_ms
    before = last_ms // DAY_MS - late_days
    if t_ms > last_ms:
        plain.last_seen_ms, plain.rules_version = t_ms, rules_version
        open_from = t_ms // DAY_MS - late_days
        if open_from > before:
            pos, neg = open_days.close(aggregate.open, open_from)
            plain.pos, plain.neg = add_maps(plain.pos, pos), add_maps(plain.neg, neg)
        return open_from
    if t_ms < plain.first_seen_ms:
        plain.first_seen_ms = t_ms
    elif t_ms == last_ms and rules_version > plain.rules_version:
        plain.rules_version = rules_version
    return before


def _attribute(plain: Summary, new: Source) -> None:
    """Update the first and the last source. Changes `plain`."""
    first = plain.first
    if first is None:
        plain.first = new
        return
    last = plain.last or first
    if new.t_ms > last.t_ms or new > last:
        plain.last = new
    elif new < first:
        plain.first, plain.last = new, last
