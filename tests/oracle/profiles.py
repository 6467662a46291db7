"""What a profile comes to. Scores are summed at one instant, with `math.fsum`: no running sums, no exponents kept.

The score at time T is `sum(weight * 2^((t - T) / half_life))`; its rank, which the tables hold, is `T / half_life +
log2(score)`: the same for every T.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, log2
from typing import Final, NamedTuple

from tests.oracle.touch import Touch, counting

NO_RANK: Final = -1e300
_MOST_TRAITS: Final = 64  # docs/contract.md
_LONGEST_TRAIT: Final = 500


class Source(NamedTuple):
    """Where a touch came from, with its place in the order of touches."""

    at_ms: int
    event_id: str
    source: str
    medium: str
    campaign: str
    page: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile comes to. `pos` and `neg`: scores by channel at the instant; a channel without any is not there.

    `first` and `last` are None where no touch names a source. `traits` include `$country` and `$device`.
    """

    touches: dict[str, int]
    bots: int
    identifiers: int
    first_seen_ms: int
    last_seen_ms: int
    pos: dict[str, float]
    neg: dict[str, float]
    first: Source | None
    last: Source | None
    traits: dict[str, str]

    @property
    def named_traits(self) -> dict[str, str]:
        """The traits that touches named, without country and device."""
        return {name: value for name, value in self.traits.items() if not name.startswith("$")}

    @property
    def country(self) -> str:
        """The newest country; '' when unknown."""
        return self.traits.get("$country", "")

    @property
    def device(self) -> str:
        """The newest device; '' when unknown."""
        return self.traits.get("$device", "")


@dataclass(frozen=True, slots=True)
class Scale:
    """The instant at which scores are summed, and how fast they fall."""

    zero_ms: int
    half_life_ms: int

    def part(self, touch: Touch) -> float:
        """What a touch is still worth then, whichever its sign."""
        return abs(touch.weight) * float(2.0 ** ((touch.occurred_at_ms - self.zero_ms) / self.half_life_ms))

    def rank(self, score: float) -> float:
        """As the tables have it."""
        return self.zero_ms / self.half_life_ms + log2(score) if score else NO_RANK


def profile(by_owner: Sequence[Sequence[Touch]], scale: Scale) -> Profile:
    """Of the touches of each identifier that is part of it; some may have none."""
    everything = [touch for own in by_owner for touch in own]
    people = sorted((touch for touch in everything if not touch.bot), key=lambda touch: touch.stamp)
    parts: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for touch in (touch for own in by_owner for touch in counting(own)):
        if touch.weight:
            parts[touch.channel, touch.weight > 0].append(scale.part(touch))
    times_ms = [touch.occurred_at_ms for touch in everything]
    sources = sorted(_source(touch) for touch in people if touch.source)
    return Profile(
        dict(Counter(touch.channel for touch in everything)), len(everything) - len(people), len(by_owner),
        min(times_ms, default=0), max(times_ms, default=0), _sums(parts, True), _sums(parts, False),
        sources[0] if sources else None, sources[-1] if sources else None, _traits(people),
    )  # fmt: skip


def _sums(parts: dict[tuple[str, bool], list[float]], positive: bool) -> dict[str, float]:
    return {channel: fsum(found) for (channel, side), found in parts.items() if side is positive}


def _source(touch: Touch) -> Source:
    return Source(*touch.stamp, touch.source, touch.medium, touch.campaign, touch.page)


def _traits(people: Iterable[Touch]) -> dict[str, str]:
    """The newest value of each trait; `people` in the order of time."""
    newest: dict[str, tuple[int, str, str]] = {}
    for touch in people:
        for name, value in touch.traits.items():
            newest[name] = max(newest.get(name, (0, "", "")), (*touch.stamp, value[:_LONGEST_TRAIT]))
    return {name: newest[name][2] for name in sorted(newest)[:_MOST_TRAITS]}
