"""What a profile comes to. Scores are summed at one instant, with `math.fsum`: no running sums, no exponents kept.

The score at time T is `sum(weight * 2^((t - T) / half_life))`; its rank, which the tables hold, is `T / half_life +
log2(score)`: the same for every T.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, log2
from typing import Final

from tests.chaos.oracle_touches import Touch, counting

NO_RANK: Final = -1e300
_MOST_TRAITS: Final = 64  # docs/contract.md
_LONGEST_TRAIT: Final = 500

Source = tuple[str, str, str, str]  # source, medium, campaign, page
_NOTHING: Final[Source] = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Profile:
    """`pos` and `neg`: scores by channel at the instant; a channel without any is not there."""

    touches: dict[str, int]
    bots: int
    identifiers: int
    first_seen_ms: int
    last_seen_ms: int
    pos: dict[str, float]
    neg: dict[str, float]
    first: Source
    last: Source
    traits: dict[str, str]
    country: str
    device: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The instant at which scores are summed, and how fast they fall."""

    zero_ms: int
    half_life_ms: int

    def part(self, touch: Touch) -> float:
        """What a touch is still worth then, whichever its sign."""
        return abs(touch.weight) * float(2.0 ** ((touch.one.occurred_at_ms - self.zero_ms) / self.half_life_ms))

    def rank(self, score: float) -> float:
        """As the tables have it."""
        return self.zero_ms / self.half_life_ms + log2(score) if score else NO_RANK


def profile(by_owner: Sequence[Sequence[Touch]], scale: Scale) -> Profile:
    """Of the touches of each identifier that is part of it; some may have none."""
    everything = [touch for own in by_owner for touch in own]
    people = sorted((touch for touch in everything if not touch.one.facts.bot), key=lambda touch: touch.stamp)
    parts: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for touch in (touch for own in by_owner for touch in counting(own)):
        if touch.weight:
            parts[touch.one.facts.channel, touch.weight > 0].append(scale.part(touch))
    times_ms = [touch.one.occurred_at_ms for touch in everything]
    sources = sorted((touch.stamp, _source(touch)) for touch in people if touch.one.facts.source)
    traits = _traits(people)
    country, device = traits.pop("$country", ""), traits.pop("$device", "")
    return Profile(
        dict(Counter(touch.one.facts.channel for touch in everything)), len(everything) - len(people), len(by_owner),
        min(times_ms, default=0), max(times_ms, default=0), _sums(parts, True), _sums(parts, False),
        sources[0][1] if sources else _NOTHING, sources[-1][1] if sources else _NOTHING, traits, country, device,
    )  # fmt: skip


def _sums(parts: dict[tuple[str, bool], list[float]], positive: bool) -> dict[str, float]:
    return {channel: fsum(found) for (channel, side), found in parts.items() if side is positive}


def _source(touch: Touch) -> Source:
    facts = touch.one.facts
    return facts.source, facts.medium, facts.campaign, facts.page


def _traits(people: Iterable[Touch]) -> dict[str, str]:
    """The newest word on each; `people` in the order of time."""
    newest: dict[str, tuple[int, str, str]] = {}
    for touch in people:
        columns = touch.one.facts.columns
        found = {"$country": str(columns.get("country", "")), "$device": str(columns.get("device", ""))}
        said = {**touch.one.facts.traits, **{name: value for name, value in found.items() if value}}
        for name, value in said.items():
            newest[name] = max(newest.get(name, (0, "", "")), (*touch.stamp, value[:_LONGEST_TRAIT]))
    return {name: newest[name][2] for name in sorted(newest)[:_MOST_TRAITS]}
