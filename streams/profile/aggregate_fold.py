"""The fold of a touch into an aggregate: its number and time, then its content (source, traits, score, caps, sessions).

A day is open until a touch arrives that happened more than `late_days` days after it; then the sums of the day are
added to the plain sum permanently. A touch for a closed day is `too_late`: it is neither capped nor part of a session,
and its weight counts only if it has no cap.
"""

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile import open_days
from streams.profile.local_state import Aggregate
from streams.profile.score import add_maps, add_to, contribution
from streams.profile.single_touch import SingleTouch, source_of
from streams.profile.summary import Source, Summary
from streams.profile.traits import add_traits


def fold_into(
    aggregate: Aggregate, touch: Touch | SingleTouch, half_life_ms: int, late_days: int, gap_ms: int
) -> tuple[float, bool]:
    """Fold a touch that was not folded before, and return (weight, too late?). Changes `aggregate`."""
    plain, t_ms, channel = aggregate.plain, touch.occurred_at_ms, touch.channel
    too_late = t_ms // DAY_MS < update_seen(aggregate, t_ms, touch.rules_version, late_days)
    touches = plain.touches
    touches[channel] = touches.get(channel, 0) + 1
    return add_content(aggregate, touch, too_late, half_life_ms, gap_ms)


def add_content(
    aggregate: Aggregate, touch: Touch | SingleTouch, too_late: bool, half_life_ms: int, gap_ms: int
) -> tuple[float, bool]:
    """Add everything of a touch but its number and time, and return (weight, too late?). Changes `aggregate`.

    `too_late` of a touch of a bot has no effect, since it changes the number of bots only.
    """
    plain = aggregate.plain
    if touch.bot:
        plain.bots += 1
        return 0.0, False
    t_ms, weight = touch.occurred_at_ms, touch.weight
    if touch.traits:
        plain.traits = add_traits(plain.traits, t_ms, touch.event_id, touch.traits)
    if touch.source:
        _attribute(plain, source_of(touch))
    if not touch.cap:
        if weight:
            side = plain.pos if weight > 0 else plain.neg
            add_to(side, touch.channel, contribution(weight, t_ms, half_life_ms))
    elif too_late:
        return 0.0, True
    if not too_late:
        open_days.add_touch(aggregate.open, touch, half_life_ms, gap_ms)
    return weight, too_late


def update_seen(aggregate: Aggregate, t_ms: int, rules_version: str, late_days: int) -> int:
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
