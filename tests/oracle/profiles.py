"""The sums of a profile. Scores are summed at one instant with `math.fsum`, without running sums or exponents.

The score at time T is `sum(weight * 2^((t - T) / half_life))`; its rank, which the tables store, is `T / half_life +
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
    """The source of a touch, with its position in the order of touches."""

    at_ms: int
    event_id: str
    source: str
    medium: str
    campaign: str
    page: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The sums of a profile. `pos` and `neg` are scores by channel at the instant; channels without a score are absent.

    `first` and `last` are None if no touch names a source. `traits` include `$country` and `$device`.
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
        """The newest country; '' if unknown."""
        return self.traits.get("$country", "")

    @property
    def device(self) -> str:
        """The newest device; '' if unknown."""
        return self.traits.get("$device", "")


@dataclass(frozen=True, slots=True)
class Scale:
    """The instant at which scores are summed, and their half-life."""

    zero_ms: int
    half_life_ms: int

    def part(self, touch: Touch) -> float:
        """Return the decayed weight of a touch at the instant, with its sign dropped."""
        return abs(touch.weight) * float(2.0 ** ((touch.occurred_at_ms - self.zero_ms) / self.half_life_ms))

    def rank(self, score: float) -> float:
        """Return the rank of a score, as the tables store it."""
        return self.zero_ms / self.half_life_ms + log2(score) if score else NO_RANK


def profile(by_owner: Sequence[Sequence[Touch]], scale: Scale) -> Profile:
    """Return the profile of these touches, grouped by identifier; a group may be empty."""
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
    """Return the newest value of each trait; `people` must be in order of time."""
    newest: dict[str, tuple[int, str, str]] = {}
    for touch in people:
        for name, value in touch.traits.items():
            newest[name] = max(newest.get(name, (0, "", "")), (*touch.stamp, value[:_LONGEST_TRAIT]))
    return {name: newest[name][2] for name in sorted(newest)[:_MOST_TRAITS]}
