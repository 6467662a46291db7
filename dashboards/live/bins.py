"""Touches of the last 15 minutes by channel, in bins of 5 seconds."""

from typing import Final

from dashboards.live.messages import BIN_S, Bin

KEPT_S: Final = 900


class Bins:
    """The bins of one tenant. A touch counts in the bin of the time at which it was processed."""

    def __init__(self) -> None:
        self._bins: dict[int, dict[str, int]] = {}
        self._changed: set[int] = set()

    def add(self, at_ms: int, channel: str, touches: int) -> None:
        """Count touches of a channel."""
        start_s = at_ms // 1000 // BIN_S * BIN_S
        counts = self._bins.setdefault(start_s, {})
        counts[channel] = counts.get(channel, 0) + touches
        self._changed.add(start_s)

    def all(self, now_ms: int) -> list[Bin]:
        """Return the bins that have touches, oldest first, and forget those that are too old."""
        self._forget(now_ms)
        return [(start_s, dict(self._bins[start_s])) for start_s in sorted(self._bins)]

    def take_changed(self, now_ms: int) -> list[Bin]:
        """Return the bins that changed since the last call, oldest first."""
        self._forget(now_ms)
        changed, self._changed = self._changed, set()
        return [(start_s, dict(self._bins[start_s])) for start_s in sorted(changed) if start_s in self._bins]

    def _forget(self, now_ms: int) -> None:
        oldest_s = now_ms // 1000 - KEPT_S
        for start_s in [start_s for start_s in self._bins if start_s < oldest_s]:
            del self._bins[start_s]
