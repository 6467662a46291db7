"""The fold of a touch into the identifier it belongs to, and what that identifier then comes to.

What an identifier brought itself is a plain sum and its open days (capped touches, sessions). A day is open until a
touch comes that lies more than `late_days` days after it; then what it comes to joins the plain sum, for good. A touch
for a closed day is `too_late`: no place among capped touches or in sessions. An uncapped weight always counts. Within
that horizon the result is a function of the set of touches, not of their order.
"""

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile import open_days
from streams.profile.local_state import Many, Own, many_of
from streams.profile.score import add_maps, add_to, contribution
from streams.profile.single_touch import One, only, source_of, summary_of
from streams.profile.summary import Source, Summary
from streams.profile.traits import hear


def fold_touch(own: Own, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int) -> tuple[float, bool]:
    """Fold a touch that was never folded before. Changes `own`; (weight, too late?) are for the touch's row.

    A bot is counted and seen, no more: no weight, no place in caps and sessions, no source, no traits. The sessions of
    a touch's UTC day have changed unless it is one, or too late.
    """
    state = own.state
    if isinstance(state, Many):
        return _fold(state, touch, half_life_ms, late_days, gap_ms)
    if state is None:
        own.state = only(touch, half_life_ms)
        return 0.0 if touch.bot else touch.weight, False
    own.state = many = many_of(state)
    return _fold(many, touch, half_life_ms, late_days, gap_ms)


def total(own: Own) -> Summary:
    """What the identifier comes to by itself, open days included. Shares nothing that a later fold changes."""
    state = own.state
    if state is None:
        return Summary(identifiers=1)
    if isinstance(state, One):
        return summary_of(state)
    plain, capped = state.plain, state.open
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


def _fold(many: Many, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int) -> tuple[float, bool]:
    """(weight, too late?) of the touch. Changes `many`."""
    plain, t_ms, channel = many.plain, touch.occurred_at_ms, touch.channel
    too_late = t_ms // DAY_MS < _see(many, t_ms, touch.rules_version, late_days)
    touches = plain.touches
    touches[channel] = touches.get(channel, 0) + 1
    if touch.bot:
        plain.bots += 1
        return 0.0, False
    if touch.traits:
        plain.traits = hear(plain.traits, t_ms, touch.event_id, touch.traits)
    if touch.source:
        _attribute(plain, source_of(touch))
    weight = touch.weight
    if not touch.cap:
        if weight:
            add_to(plain.pos if weight > 0 else plain.neg, channel, contribution(weight, t_ms, half_life_ms))
    elif too_late:
        return 0.0, True
    if not too_late:
        open_days.take(many.open, touch, half_life_ms, gap_ms)
    return weight, too_late


def _see(many: Many, t_ms: int, rules_version: str, late_days: int) -> int:
    """Note when a touch happened, and close what is too old by that. Says from which day on days are open: a day stays
    open while the newest touch of the identifier lies at most `late_days` days after it."""
    plain = many.plain
    last_ms = plain.last_seen_ms
    before = last_ms // DAY_MS - late_days
    if t_ms > last_ms:
        plain.last_seen_ms, plain.rules_version = t_ms, rules_version
        open_from = t_ms // DAY_MS - late_days
        if open_from > before:
            pos, neg = open_days.close(many.open, open_from)
            plain.pos, plain.neg = add_maps(plain.pos, pos), add_maps(plain.neg, neg)
        return open_from
    if t_ms < plain.first_seen_ms:
        plain.first_seen_ms = t_ms
    elif t_ms == last_ms and rules_version > plain.rules_version:
        plain.rules_version = rules_version
    return before


def _attribute(plain: Summary, new: Source) -> None:
    """A touch that tells where it came from may be the first, or the newest, that does."""
    first = plain.first
    if first is None:
        plain.first = new
        return
    last = plain.last or first
    if new.t_ms > last.t_ms or new > last:
        plain.last = new
    elif new < first:
        plain.first, plain.last = new, last
