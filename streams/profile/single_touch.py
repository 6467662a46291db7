"""The only touch of an identifier, kept as it came until there is a second one."""

from msgspec import Struct

from schemas.touch import Touch
from streams.profile.score import Component, contribution
from streams.profile.summary import Source, Summary
from streams.profile.traits import Said, trim


class One(Struct, array_like=True, frozen=True, tag=1, gc=False):
    """The only touch so far. The fields are those of `Touch`, but `part`: what the touch adds to the score."""

    event_id: str
    channel: str
    occurred_at_ms: int
    bot: bool
    weight: float
    part: Component | None
    cap: int
    cap_value: str
    page: str
    source: str
    medium: str
    campaign: str
    traits: dict[str, str]
    rules_version: str


def only(touch: Touch, half_life_ms: int) -> One:
    """The first touch of an identifier."""
    weight = touch.weight
    return One(
        touch.event_id,
        touch.channel,
        touch.occurred_at_ms,
        touch.bot,
        weight,
        contribution(weight, touch.occurred_at_ms, half_life_ms) if weight and not touch.bot else None,
        touch.cap,
        touch.cap_value,
        touch.page,
        touch.source,
        touch.medium,
        touch.campaign,
        touch.traits,
        touch.rules_version,
    )


def summary_of(one: One) -> Summary:
    """What a single touch comes to: no cap is below one."""
    t_ms, channel, version = one.occurred_at_ms, one.channel, one.rules_version
    if one.bot:
        return Summary({channel: 1}, 1, 1, t_ms, t_ms, {}, {}, None, None, [], version)
    pos, neg = parts_of(one)
    first = source_of(one) if one.source else None
    traits = [Said(t_ms, one.event_id, trim(one.traits))] if one.traits else []
    return Summary({channel: 1}, 0, 1, t_ms, t_ms, pos, neg, first, None, traits, version)


def parts_of(one: One) -> tuple[dict[str, Component], dict[str, Component]]:
    """What it adds to the score, positive and negative, by channel."""
    if one.part is None:
        return {}, {}
    return ({one.channel: one.part}, {}) if one.weight > 0 else ({}, {one.channel: one.part})


def source_of(touch: Touch | One) -> Source:
    """Where a touch came from."""
    return Source(touch.occurred_at_ms, touch.event_id, touch.source, touch.medium, touch.campaign, touch.page)
