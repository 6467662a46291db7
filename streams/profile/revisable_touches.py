"""Touches that may be revised: while their day is open, the newest revision of each counts, as if it were the only one.

An identifier with such touches has two aggregates. One includes them and is what readers see; `base` has everything
else, and their number and times, which no revision changes. A new revision replaces the former one in the list, and the
first aggregate is made again from the base and the list. Nothing is subtracted: floats would drift, and a cap list or a
run cannot be undone.

A touch is final, and part of the base, once its day closes, or if it is the earliest of more than `MOST` touches. Of
the versions of the rules that scored the newest touch an aggregate has the largest, those of former revisions included.
"""

from typing import Final

from msgspec import msgpack

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile.aggregate_fold import add_content, fold_into, update_seen
from streams.profile.local_state import Aggregate, LocalState, RevisableTouch, RevisedAggregate, aggregate_of
from streams.profile.single_touch import SingleTouch
from streams.profile.summary import Summary

MOST: Final = 200  # of an identifier: its state is written with every touch
_encode: Final = msgpack.Encoder().encode
_decode: Final = msgpack.Decoder(Aggregate).decode


def find_revisable(local: LocalState, channel: str, id_day: int, event_id: str) -> RevisableTouch | None:
    """Return the newest revision of a touch, or None if there is no such touch or it is final."""
    content = local.content
    if not isinstance(content, RevisedAggregate):
        return None
    for one in content.touches:
        if one.touch.event_id == event_id and one.id_day == id_day and one.touch.channel == channel:
            return one
    return None


def fold_revisable(
    local: LocalState, new: RevisableTouch, half_life_ms: int, late_days: int, gap_ms: int
) -> tuple[float, bool]:
    """Fold the first revision that arrived of a touch, and return (weight, too late?). Changes `local`.

    A touch for a closed day is final at once.
    """
    single, t_ms = new.touch, new.touch.occurred_at_ms
    content = local.content
    if content is None:
        whole = aggregate_of(single)
        base = Aggregate(Summary({single.channel: 1}, 0, 1, t_ms, t_ms, rules_version=single.rules_version))
        local.content = RevisedAggregate(whole.plain, whole.open, base, [new])
        return 0.0 if single.bot else single.weight, False
    revised = _revised(content)
    base = revised.base
    _close_days(revised, t_ms, half_life_ms, late_days, gap_ms)
    weight, too_late = fold_into(revised, single, half_life_ms, late_days, gap_ms)
    open_from = update_seen(base, t_ms, single.rules_version, late_days)
    base.plain.touches[single.channel] = base.plain.touches.get(single.channel, 0) + 1
    if t_ms // DAY_MS < open_from:
        add_content(base, single, True, half_life_ms, gap_ms)
    else:
        revised.touches.append(new)
        if len(revised.touches) > MOST:
            earliest = min(revised.touches, key=lambda one: (one.touch.occurred_at_ms, one.touch.event_id))
            _finish(revised, [earliest], half_life_ms, gap_ms)
    local.content = _shortest(revised)
    return weight, too_late


def fold_beside(
    local: LocalState, revised: RevisedAggregate, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int
) -> tuple[float, bool]:
    """Fold a touch that cannot be revised, and return (weight, too late?). Changes `local` and `revised`."""
    _close_days(revised, touch.occurred_at_ms, half_life_ms, late_days, gap_ms)
    result = fold_into(revised, touch, half_life_ms, late_days, gap_ms)
    fold_into(revised.base, touch, half_life_ms, late_days, gap_ms)
    local.content = _shortest(revised)
    return result


def revise(local: LocalState, former: RevisableTouch, new: RevisableTouch, half_life_ms: int, gap_ms: int) -> None:
    """Replace a revision by a newer one of the same time. Changes `local`."""
    revised = local.content
    assert isinstance(revised, RevisedAggregate)
    revised.touches = [new if one is former else one for one in revised.touches]
    base = revised.base
    if new.touch.occurred_at_ms == base.plain.last_seen_ms:
        base.plain.rules_version = max(base.plain.rules_version, new.touch.rules_version)
    whole = _decode(_encode(base))
    for one in revised.touches:
        add_content(whole, one.touch, False, half_life_ms, gap_ms)
    revised.plain, revised.open = whole.plain, whole.open


def _revised(content: SingleTouch | Aggregate) -> RevisedAggregate:
    if isinstance(content, RevisedAggregate):
        return content
    whole = aggregate_of(content) if isinstance(content, SingleTouch) else content
    return RevisedAggregate(whole.plain, whole.open, _decode(_encode(whole)), [])


def _shortest(revised: RevisedAggregate) -> Aggregate:
    """Return the aggregate without a base if no touch can be revised any more."""
    return revised if revised.touches else Aggregate(revised.plain, revised.open)


def _close_days(revised: RevisedAggregate, t_ms: int, half_life_ms: int, late_days: int, gap_ms: int) -> None:
    """Make the touches final whose day a touch at `t_ms` closes."""
    open_from = t_ms // DAY_MS - late_days
    final = [one for one in revised.touches if one.touch.occurred_at_ms // DAY_MS < open_from]
    _finish(revised, final, half_life_ms, gap_ms)


def _finish(revised: RevisedAggregate, final: list[RevisableTouch], half_life_ms: int, gap_ms: int) -> None:
    """Add touches to the base for good, while their days are still open there."""
    for one in final:
        add_content(revised.base, one.touch, False, half_life_ms, gap_ms)
        revised.touches.remove(one)
