"""What an identifier or a whole profile comes to, as the values of rows (schemas.columns).

Most profiles are one identifier alone. Its values are read where they are stored, without making a summary of them
first; they are those of its summary all the same.
"""

from schemas.columns import NO_RANK
from streams.profile import sessions
from streams.profile.local_state import LocalState, runs_on
from streams.profile.score import Component, add_maps, rank, sum_of
from streams.profile.single_touch import SingleTouch
from streams.profile.summary import Source, Summary, last_source
from streams.profile.touch_fold import total
from streams.profile.traits import current_values, trim

Ranks = tuple[float, dict[str, float]]  # of all channels together, and by channel
_NOTHING: Ranks = (NO_RANK, {})


def profile_values(whole: Summary) -> list[object]:
    """The values of a row of `profiles`, from `touches` to `rules_version`."""
    return _row(
        sum(whole.touches.values()),
        whole.bots,
        whole.identifiers,
        whole.first_seen_ms,
        whole.last_seen_ms,
        whole.touches,
        _ranks(whole.pos),
        _ranks(whole.neg),
        _source_values(whole.first),
        _source_values(last_source(whole)),
        current_values(whole.traits),
        whole.rules_version,
    )


def own_values(local: LocalState) -> list[object]:
    """The same of an identifier that has nobody below it: `profile_values(total(own))`."""
    state = local.content
    if state is None:
        return profile_values(total(local))
    if isinstance(state, SingleTouch):
        return _only_values(state)
    plain, capped = state.plain, state.open
    touches = plain.touches
    source = _source_values(plain.first)
    return _row(
        sum(touches.values()),
        plain.bots,
        plain.identifiers,
        plain.first_seen_ms,
        plain.last_seen_ms,
        touches if len(touches) < 2 else dict(sorted(touches.items())),
        _ranks(add_maps(plain.pos, capped.pos)),
        _ranks(add_maps(plain.neg, capped.neg)),
        source,
        source if plain.last is None else _source_values(plain.last),
        current_values(plain.traits),
        plain.rules_version,
    )


def piece_values(local: LocalState, day: int) -> sessions.PieceValues:
    """The runs of a UTC day as values of a row of `session_pieces`, `firsts` to `sources`."""
    return sessions.piece_values(day, runs_on(local, day))


def _only_values(one: SingleTouch) -> list[object]:
    t_ms, channel, version = one.occurred_at_ms, one.channel, one.rules_version
    if one.bot:
        nowhere = _source_values(None)
        return _row(1, 1, 1, t_ms, t_ms, {channel: 1}, _NOTHING, _NOTHING, nowhere, nowhere, {}, version)
    pos = neg = _NOTHING
    if one.component is not None:
        its_rank = rank(one.component)
        ranks = its_rank, {channel: its_rank}
        pos, neg = (ranks, neg) if one.weight > 0 else (pos, ranks)
    source = (one.source, one.medium, one.campaign, one.page) if one.source else _source_values(None)
    return _row(
        1, 0, 1, t_ms, t_ms, {channel: 1}, pos, neg, source, source, trim(one.traits) if one.traits else {}, version
    )


def _row(
    touches: int, bots: int, identifiers: int, first_seen_ms: int, last_seen_ms: int, touches_by: dict[str, int],
    pos: Ranks, neg: Ranks, first: tuple[str, str, str, str], last: tuple[str, str, str, str],
    traits: dict[str, str], rules_version: str,
) -> list[object]:  # fmt: skip
    """In the order of the columns. What was found out of the person stands beside what was said."""
    country = device = ""
    if "$country" in traits or "$device" in traits:
        traits = traits.copy()
        country, device = traits.pop("$country", ""), traits.pop("$device", "")
    return [
        touches,
        bots,
        identifiers,
        first_seen_ms,
        last_seen_ms,
        touches_by,
        pos[0],
        neg[0],
        pos[1],
        neg[1],
        *first,
        *last,
        traits,
        country,
        device,
        rules_version,
    ]


def _ranks(components: dict[str, Component]) -> Ranks:
    if not components:
        return _NOTHING
    if len(components) == 1:
        ((channel, component),) = components.items()
        its_rank = rank(component)
        return its_rank, {channel: its_rank}
    return rank(sum_of(components)), {channel: rank(component) for channel, component in components.items()}


def _source_values(source: Source | None) -> tuple[str, str, str, str]:
    return (source.source, source.medium, source.campaign, source.page) if source else ("", "", "", "")
