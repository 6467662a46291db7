"""People who are active: profiles whose newest touch happened in the last 5 minutes."""

from heapq import heappop, heappush
from typing import Final

ACTIVE_MS: Final = 300_000


class ActivePeople:
    """The active profiles of one tenant."""

    def __init__(self) -> None:
        self._last_seen: dict[str, int] = {}
        self._by_time: list[tuple[int, str]] = []  # a heap; entries that are not in _last_seen are outdated

    def see(self, profile: str, last_seen_ms: int) -> None:
        """Note the time of a profile's newest touch."""
        if last_seen_ms > self._last_seen.get(profile, 0):
            self._last_seen[profile] = last_seen_ms
            heappush(self._by_time, (last_seen_ms, profile))

    def remove(self, profile: str) -> None:
        """Forget an identifier that became a part of another profile."""
        self._last_seen.pop(profile, None)

    def count(self, now_ms: int) -> int:
        """Return how many are active."""
        while self._by_time and self._by_time[0][0] < now_ms - ACTIVE_MS:
            last_seen_ms, profile = heappop(self._by_time)
            if self._last_seen.get(profile) == last_seen_ms:
                del self._last_seen[profile]
        return len(self._last_seen)
