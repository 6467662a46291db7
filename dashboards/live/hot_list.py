"""The profiles with the highest scores, kept current by their changes.

The list begins with the best of the store, and later changes are applied to it. It holds more profiles than are shown,
and `floor`, below which it does not know all: what falls below it is dropped. The list is exact as long as it has
enough profiles above the floor; otherwise, and now and then, it is read again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from math import exp2, inf, log2
from typing import Final

from schemas.columns import NO_RANK

KEPT: Final = 400
OVERTAKEN_MS: Final = 300_000  # by then the store has what was changed here
_FORGET_EVERY_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """A profile as it is after a change. `rank` is that of its net score; `parent` is not '' for what is no profile."""

    tenant: str
    profile: str
    parent: str
    rank: float
    touches: int
    bots: int
    last_seen_ms: int
    last_source: str
    country: str
    device: str
    name: str


class HotList:
    """The list of one tenant."""

    def __init__(self) -> None:
        self._kept: dict[str, ProfileChange] = {}
        self._changed_ms: dict[str, int] = {}  # of profiles that were changed here, also of those that were dropped
        self._forgot_ms = 0
        self._floor = -inf
        self.is_read = False

    def change(self, change: ProfileChange, now_ms: int) -> bool:
        """Apply the change of a profile; return whether it changed the list."""
        self._forget_overtaken(now_ms)
        was_in = change.profile in self._kept
        if change.parent or change.rank <= NO_RANK or change.rank < self._floor:
            if was_in:
                del self._kept[change.profile]
                self._changed_ms[change.profile] = now_ms
            return was_in
        self._kept[change.profile] = change
        self._changed_ms[change.profile] = now_ms
        if len(self._kept) > KEPT:
            self._drop_lowest()
        return True

    def read(self, rows: Iterable[ProfileChange], now_ms: int) -> None:
        """Replace the list by the best `KEPT` of the store; what was changed here lately holds, since it is newer."""
        self._forget_overtaken(now_ms)
        own = {profile: one for profile, one in self._kept.items() if profile in self._changed_ms}
        stored = list(rows)
        self._floor = stored[-1].rank if len(stored) >= KEPT else -inf
        self._kept = {one.profile: one for one in stored if one.profile not in self._changed_ms}
        self._kept |= {profile: one for profile, one in own.items() if one.rank >= self._floor}
        while len(self._kept) > KEPT:
            self._drop_lowest()
        self.is_read = True

    def is_short(self, shown: int) -> bool:
        """Return whether fewer profiles are known than shall be shown, while there are more."""
        return self._floor > -inf and len(self._kept) < shown

    def best(self, shown: int) -> list[ProfileChange]:
        """Return the highest, highest first."""
        return nlargest(shown, self._kept.values(), key=lambda one: (one.rank, one.profile))

    def count_above(self, rank: float) -> int | None:
        """Return how many profiles have at least that rank; None if the list does not reach so far."""
        if not self.is_read or self._floor > rank:
            return None
        return sum(one.rank >= rank for one in self._kept.values())

    def _forget_overtaken(self, now_ms: int) -> None:
        if now_ms - self._forgot_ms > _FORGET_EVERY_MS:
            self._forgot_ms = now_ms
            since_ms = now_ms - OVERTAKEN_MS
            self._changed_ms = {name: at_ms for name, at_ms in self._changed_ms.items() if at_ms > since_ms}

    def _drop_lowest(self) -> None:
        lowest = min(self._kept.values(), key=lambda one: one.rank)
        del self._kept[lowest.profile]
        self._floor = max(self._floor, lowest.rank)


def net_rank(rank_pos: float, rank_neg: float) -> float:
    """Return the rank of the difference of two sums (`net_key` of `profiles`), NO_RANK if it is not above 0."""
    if rank_pos <= rank_neg:
        return NO_RANK
    return rank_pos + log2(1.0 - exp2(rank_neg - rank_pos))
