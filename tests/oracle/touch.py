"""A touch as the oracle sees it, and which touches a daily cap lets count."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.channels import CHANNELS

DAY_MS: Final = 86_400_000


class UncertainError(ValueError):
    """The scenario allows more than one correct outcome, so the scenario is wrong."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch that counts, once. `traits` hold country and device under `$country` and `$device`."""

    event_id: str
    channel: str
    occurred_at_ms: int
    weight: float
    cap: int  # the number that counts per UTC day; 0 means no cap
    cap_value: str
    bot: bool
    page: str
    source: str
    medium: str
    campaign: str
    traits: Mapping[str, str]
    too_late: bool = False  # its day was closed when it arrived

    @property
    def stamp(self) -> tuple[int, str]:
        """The sort key of touches."""
        return self.occurred_at_ms, self.event_id

    @property
    def day(self) -> int:
        """Its UTC day, counted from 1970."""
        return self.occurred_at_ms // DAY_MS


def day_of_id(channel: str, source_at_ms: int) -> int:
    """Return the UTC day within which an event id counts once; 0 in a channel where it counts once on all days."""
    return 0 if CHANNELS[channel].COUNTS_BY_NATURAL_ID else source_at_ms // DAY_MS


def counting(touches: Iterable[Touch]) -> Iterator[Touch]:
    """Yield, of one identifier's touches, those whose weight counts: under a cap the earliest of each UTC day."""
    capped: dict[tuple[object, ...], list[Touch]] = defaultdict(list)
    for touch in touches:
        if not touch.bot and not touch.cap:
            yield touch
        elif not touch.bot and not touch.too_late:
            capped[touch.channel, touch.cap, touch.cap_value, touch.day].append(touch)
    for same in capped.values():
        yield from sorted(same, key=lambda touch: touch.stamp)[: same[0].cap]
