"""The only touch of an identifier, stored verbatim until there is a second one."""

from msgspec import Struct

from schemas.touch import Touch
from streams.profile.score import Component, contribution
from streams.profile.summary import Source, Summary
from streams.profile.traits import TouchTraits, trim


class SingleTouch(Struct, array_like=True, frozen=True, tag=1, gc=False):
    """The only touch so far. Its fields are those of `Touch`, and `component`, what it adds to the score."""

    event_id: str
    channel: str
    occurred_at_ms: int
    bot: bool
    weight: float
    component: Component | None
    cap: int
    cap_value: str
    page: str
    source: str
    medium: str
    campaign: str
    traits: dict[str, str]
    rules_version: str


def single_touch_of(touch: Touch, half_life_ms: int) -> SingleTouch:
    """Return the first touch of an identifier as it is stored."""
    weight = touch.weight
    return SingleTouch(
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


def summary_of(single: SingleTouch) -> Summary:
    """Return the summary of one touch. It is never over its cap, since no cap is below one."""
    t_ms, channel, version = single.occurred_at_ms, single.channel, single.rules_version
    if single.bot:
        return Summary({channel: 1}, 1, 1, t_ms, t_ms, {}, {}, None, None, [], version)
    pos, neg = components_of(single)
    first = source_of(single) if single.source else None
    traits = [TouchTraits(t_ms, single.event_id, trim(single.traits))] if single.traits else []
    return Summary({channel: 1}, 0, 1, t_ms, t_ms, pos, neg, first, None, traits, version)


def components_of(single: SingleTouch) -> tuple[dict[str, Component], dict[str, Component]]:
    """Return what the touch adds to the score, positive and negative, by channel."""
    if single.component is None:
        return {}, {}
    by_channel = {single.channel: single.component}
    return (by_channel, {}) if single.weight > 0 else ({}, by_channel)


def source_of(touch: Touch | SingleTouch) -> Source:
    """Return where a touch came from."""
    return Source(touch.occurred_at_ms, touch.event_id, touch.source, touch.medium, touch.campaign, touch.page)
