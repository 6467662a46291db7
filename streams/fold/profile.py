"""The fold of a touch into the identifier it belongs to, and what that identifier then comes to.

What an identifier brought itself is a plain sum and its open days (capped touches, sessions). A day is open until a
touch comes that lies more than `late_days` days after it; then what it comes to joins the plain sum, for good. A touch
for a closed day is `too_late`: no place among capped touches or in sessions. An uncapped weight always counts. Within
that horizon the result is a function of the set of touches, not of their order.
"""

from typing import NamedTuple

from schemas.touch import Touch
from streams.fold import open_days, sessions
from streams.fold.days import day_of, oldest_open_day
from streams.fold.one import One, only, source_of, summary_of
from streams.fold.own import Many, Own, runs_on
from streams.fold.score import NOTHING, add_maps, contribution, rank, sum_of
from streams.fold.score import add as add_component
from streams.fold.summary import EMPTY, Source, Summary, add, last_source
from streams.fold.traits import current, hear

__all__ = ["EMPTY", "Folded", "Own", "Summary", "add", "fold_touch", "piece_values", "profile_values", "total"]


class Folded(NamedTuple):
    """`weight` and `too_late` are for the touch's row; `changed_days` are the UTC days whose sessions changed."""

    own: Own
    weight: float
    too_late: bool
    changed_days: list[int]


def fold_touch(own: Own, touch: Touch, half_life_ms: int, late_days: int, gap_ms: int) -> Folded:
    """Fold a touch that was never folded before. `own` is consumed: go on with `Folded.own`.

    A bot is counted and seen, no more: no weight, no place in caps and sessions, no source, no traits.
    """
    state = own.state
    if state is None:
        own.state = only(touch, half_life_ms)
        weight, too_late = 0.0 if touch.bot else touch.weight, False
    else:
        if isinstance(state, One):
            one, state = state, Many()
            _fold(state, one, half_life_ms, late_days, gap_ms)
            own.state = state
        weight, too_late = _fold(state, touch, half_life_ms, late_days, gap_ms)
    return Folded(own, weight, too_late, [] if touch.bot or too_late else [day_of(touch.occurred_at_ms)])


def total(own: Own) -> Summary:
    """What the identifier comes to by itself, open days included. Shares nothing that a later fold changes."""
    state = own.state
    if state is None:
        return Summary(identifiers=1)
    if isinstance(state, One):
        return summary_of(state)
    plain, capped = state.plain, state.open
    return Summary(
        dict(sorted(plain.touches.items())),
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


def profile_values(whole: Summary) -> list[object]:
    """The values of a row of `profiles`, from `touches` to `rules_version` (schemas.columns.PROFILES)."""
    traits = current(whole.traits)
    country, device = traits.pop("$country", ""), traits.pop("$device", "")
    return [
        sum(whole.touches.values()),
        whole.bots,
        whole.identifiers,
        whole.first_seen_ms,
        whole.last_seen_ms,
        whole.touches,
        rank(sum_of(whole.pos)),
        rank(sum_of(whole.neg)),
        {channel: rank(component) for channel, component in whole.pos.items()},
        {channel: rank(component) for channel, component in whole.neg.items()},
        *_source_values(whole.first),
        *_source_values(last_source(whole)),
        traits,
        country,
        device,
        whole.rules_version,
    ]


def piece_values(own: Own, day: int) -> sessions.PieceValues:
    """The runs of a UTC day as values of a row of `session_pieces`, `firsts` to `sources` (schemas.columns)."""
    return sessions.piece_values(day, runs_on(own, day))


def _fold(many: Many, touch: Touch | One, half_life_ms: int, late_days: int, gap_ms: int) -> tuple[float, bool]:
    """(weight, too late?) of the touch. Changes `many`."""
    plain, t_ms, channel = many.plain, touch.occurred_at_ms, touch.channel
    too_late = day_of(t_ms) < _see(many, t_ms, touch.rules_version, late_days)
    plain.touches[channel] = plain.touches.get(channel, 0) + 1
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
            side = plain.pos if weight > 0 else plain.neg
            side[channel] = add_component(side.get(channel, NOTHING), contribution(weight, t_ms, half_life_ms))
    elif too_late:
        weight = 0.0
    else:
        open_days.take_capped(many.open, touch, half_life_ms)
    if not too_late:
        open_days.take_run(many.open, touch, gap_ms)
    return weight, too_late


def _see(many: Many, t_ms: int, rules_version: str, late_days: int) -> int:
    """Note when a touch happened, and close what is too old by that. Says from which day on days are open."""
    plain = many.plain
    if not plain.touches:
        plain.first_seen_ms, plain.last_seen_ms, plain.rules_version = t_ms, t_ms, rules_version
        return oldest_open_day(t_ms, late_days)
    plain.first_seen_ms = min(plain.first_seen_ms, t_ms)
    before = oldest_open_day(plain.last_seen_ms, late_days)
    if (t_ms, rules_version) <= (plain.last_seen_ms, plain.rules_version):
        return before
    plain.last_seen_ms, plain.rules_version = t_ms, rules_version
    open_from = oldest_open_day(t_ms, late_days)
    if open_from > before:
        pos, neg = open_days.close(many.open, open_from)
        plain.pos, plain.neg = add_maps(plain.pos, pos), add_maps(plain.neg, neg)
    return open_from


def _attribute(plain: Summary, new: Source) -> None:
    """A touch that tells where it came from may be the first, or the newest, that does."""
    if plain.first is None:
        plain.first = new
    elif new < plain.first:
        plain.first, plain.last = new, plain.last or plain.first
    elif new > (plain.last or plain.first):
        plain.last = new


def _source_values(source: Source | None) -> tuple[str, str, str, str]:
    return (source.source, source.medium, source.campaign, source.page) if source else ("", "", "", "")
