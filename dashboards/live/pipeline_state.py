"""The state of the pipeline as one API process sees it, the same for all tenants."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dashboards.live.messages import Delay, Pipeline

DELAYS_MS: Final = 300_000  # how long a delay counts
MOST_DELAYS: Final = 2_000


@dataclass(slots=True)
class PipelineState:
    """Is changed by the feed, the hub and the reading of the hot list."""

    kafka: bool | None = None
    clickhouse: bool | None = None
    filling: bool = True
    newest_ms: int | None = None
    lag: Mapping[str, int] = field(default_factory=dict)
    _delays: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=MOST_DELAYS))

    def arrived(self, received_ms: int, now_ms: int) -> None:
        """Note a touch that is shown now."""
        self.newest_ms = max(received_ms, self.newest_ms or 0)
        if not self.filling:
            self._delays.append((now_ms, max(0, now_ms - received_ms)))

    def message(self, now_ms: int) -> Pipeline:
        """Return the state as a message."""
        return Pipeline(
            server_ms=now_ms,
            kafka=self.kafka,
            clickhouse=self.clickhouse,
            filling=self.filling,
            newest_ms=self.newest_ms,
            lag=dict(self.lag),
            delay_ms=self._delay(now_ms),
        )

    def answers(self) -> tuple[bool | None, bool | None, bool]:
        """Return what viewers are sent at once when it changes."""
        return self.kafka, self.clickhouse, self.filling

    def _delay(self, now_ms: int) -> Delay | None:
        while self._delays and self._delays[0][0] < now_ms - DELAYS_MS:
            self._delays.popleft()
        if not self._delays:
            return None
        delays = sorted(delay for _, delay in self._delays)
        return Delay(_quantile(delays, 50), _quantile(delays, 99))


def _quantile(ascending: list[int], percent: int) -> int:
    """Return the smallest value that is not exceeded by `percent` of all (nearest rank)."""
    return ascending[max(0, -(-len(ascending) * percent // 100) - 1)]
