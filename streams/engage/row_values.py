"""Column values of the rows of `profiles` and `session_pieces` (schemas.columns), from a summary or a local state.

Most profiles consist of one identifier. Their values are read from the local state without building its summary; they
are equal to those of the summary.
"""

from msgspec import Struct

from schemas.columns import NO_RANK
from streams.profile import sessions
from streams.profile.local_state import LocalState, runs_on
from streams.profile.score import Component, add_maps, rank, sum_of
from streams.profile.single_touch import SingleTouch
from streams.profile.summary import Source, Summary, last_source
from streams.profile.touch_fold import total
from streams.profile.traits import current_values, trim

Ranks = tuple[float, dict[str, float]]  # of all channels together, and by channel
SourceColumns = tuple[str, str, str, str]  # source, medium, campaign, page
_NO_RANKS: Ranks = (NO_RANK, {})


class ProfileValues(Struct, array_like=True, frozen=True, gc=False):
    """The columns of `profiles` from `touches` to `rules_version`, in their order. Times are epoch milliseconds."""

    touches: int
    bots: int
    identifiers: int
    first_seen_ms: int
    last_seen_ms: int
    touches_by: dict[str, int]
    rank_pos: float
    rank_neg: float
    rank_pos_by: dict[str, float]
    rank_neg_by: dict[str, float]
    first_source: str
    first_medium: str
    first_campaign: str
    first_page: str
    last_source: str
    last_medium: str
    last_campaign: str
    last_page: str
    traits: dict[str, str]  # from touches; those that enrichment found are in the next two
    country: str
    device: str
    rules_version: str


def profile_values(whole: Summary) -> ProfileValues:
    """Return the values of a total."""
    return _values_of(whole, whole.pos, whole.neg)


def local_values(local: LocalState) -> ProfileValues:
    """Return the values of an identifier without children: `profile_values(total(local))`."""
    content = local.content
    if content is None:
        return profile_values(total(local))
    if isinstance(content, SingleTouch):
        return _values_of_single(content)
    plain, capped = content.plain, content.open
    return _values_of(plain, add_maps(plain.pos, capped.pos), add_maps(plain.neg, capped.neg))


def piece_values(local: LocalState, day: int) -> sessions.PieceValues:
    """Return the runs of a UTC day as values of a row of `session_pieces`, `firsts` to `sources`."""
    return sessions.piece_values(day, runs_on(local, day))


def _values_of(summary: Summary, pos: dict[str, Component], neg: dict[str, Component]) -> ProfileValues:
    """Return the values of a summary with these sums of weights instead of its own."""
    touches, first, last = summary.touches, summary.first, last_source(summary)
    rank_pos, rank_pos_by = _ranks(pos)
    rank_neg, rank_neg_by = _ranks(neg)
    first_source, first_medium, first_campaign, first_page = first_columns = _source_columns(first)
    last_source_, last_medium, last_campaign, last_page = first_columns if last is first else _source_columns(last)
    traits, country, device = _split_traits(current_values(summary.traits))
    return ProfileValues(
        sum(touches.values()),
        summary.bots,
        summary.identifiers,
        summary.first_seen_ms,
        summary.last_seen_ms,
        touches if len(touches) < 2 else dict(sorted(touches.items())),
        rank_pos,
        rank_neg,
        rank_pos_by,
        rank_neg_by,
        first_source,
        first_medium,
        first_campaign,
        first_page,
        last_source_,
        last_medium,
        last_campaign,
        last_page,
        traits,
        country,
        device,
        summary.rules_version,
    )


def _values_of_single(single: SingleTouch) -> ProfileValues:
    t_ms, channel = single.occurred_at_ms, single.channel
    source = medium = campaign = page = country = device = ""
    rank_pos = rank_neg = NO_RANK
    rank_pos_by: dict[str, float] = {}
    rank_neg_by: dict[str, float] = {}
    traits: dict[str, str] = {}
    if not single.bot:
        if single.component is not None and single.weight > 0:
            rank_pos = rank_pos_by[channel] = rank(single.component)
        elif single.component is not None:
            rank_neg = rank_neg_by[channel] = rank(single.component)
        if single.source:
            source, medium, campaign, page = single.source, single.medium, single.campaign, single.page
        if single.traits:
            traits, country, device = _split_traits(trim(single.traits))
    return ProfileValues(
        1,
        int(single.bot),
        1,
        t_ms,
        t_ms,
        {channel: 1},
        rank_pos,
        rank_neg,
        rank_pos_by,
        rank_neg_by,
        source,
        medium,
        campaign,
        page,
        source,
        medium,
        campaign,
        page,
        traits,
        country,
        device,
        single.rules_version,
    )


def _split_traits(traits: dict[str, str]) -> tuple[dict[str, str], str, str]:
    """Return the traits without the country and the device that enrichment found, and these two."""
    if "$country" not in traits and "$device" not in traits:
        return traits, "", ""
    traits = traits.copy()
    return traits, traits.pop("$country", ""), traits.pop("$device", "")


def _ranks(components: dict[str, Component]) -> Ranks:
    if not components:
        return _NO_RANKS
    if len(components) == 1:
        ((channel, component),) = components.items()
        its_rank = rank(component)
        return its_rank, {channel: its_rank}
    return rank(sum_of(components)), {channel: rank(component) for channel, component in components.items()}


def _source_columns(source: Source | None) -> SourceColumns:
    return (source.source, source.medium, source.campaign, source.page) if source else ("", "", "", "")
