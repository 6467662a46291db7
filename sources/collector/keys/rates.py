"""The rate limit of each write key: a token bucket per key (RFC 2697 calls its size the committed burst)."""

import math
from typing import Final

from sources.collector.keys.entry import KeyEntry

BURST_S: Final = 5  # a key that was idle for this long has its whole burst


class RateLimiter:
    """Token buckets by key id. One process counts alone: with n collectors a key may send n times its rate.

    A bucket holds at most `BURST_S` seconds of the rate. A request larger than that is admitted by a full bucket, which
    it leaves in debt, so the long-term rate holds for requests of any size.
    """

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}  # tokens, and the time at which there were so many

    def admit(self, entry: KeyEntry, touches: int, now_s: float) -> int:
        """Count touches of a key. Return 0 if they are admitted, else after how many seconds they would be.

        `now_s` is a monotonic time. What is not admitted is not counted.
        """
        rate = entry.rate_per_s
        if rate <= 0:
            return 0
        size = float(rate * BURST_S)
        tokens, then_s = self._buckets.get(entry.key_id, (size, now_s))
        tokens = min(size, tokens + max(0.0, now_s - then_s) * rate)
        needed = min(size, float(touches))
        if tokens < needed:
            return max(1, math.ceil((needed - tokens) / rate))
        self._buckets[entry.key_id] = (tokens - touches, now_s)
        return 0
