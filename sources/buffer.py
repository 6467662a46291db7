"""Accounting of unacknowledged touches: a limit in bytes, and counts of acknowledged and failed touches."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of acknowledged (`emitted`) and failed touches by channel, and of unacknowledged ones (`pending`)."""

    emitted: Mapping[str, int]
    failed: Mapping[str, int]
    pending: int


class Buffer:
    """Byte budget and counts of touches in flight, shared by sending threads and the producer's thread."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._changed = threading.Condition()
        self._pending = 0
        self._pending_bytes = 0
        self._emitted: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._unreported = 0
        self._last_error = ""

    def reserve(self, size_bytes: int, wait_s: float) -> bool:
        """Reserve space for one touch and return whether it became free in time.

        A touch larger than the whole limit is admitted when the buffer is empty.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_space(size_bytes), wait_s):
                return False
            self._pending += 1
            self._pending_bytes += size_bytes
            return True

    def release(self, size_bytes: int) -> None:
        """Free the space of a touch that was not sent."""
        with self._changed:
            self._free(size_bytes)

    def acknowledge(self, channel: str, size_bytes: int) -> None:
        """Count a touch as acknowledged and free its space."""
        with self._changed:
            self._emitted[channel] += 1
            self._free(size_bytes)

    def fail(self, channel: str, size_bytes: int, error: str) -> None:
        """Count a touch as failed and free its space."""
        with self._changed:
            self._failed[channel] += 1
            self._unreported += 1
            self._last_error = error
            self._free(size_bytes)

    def wait_empty(self, timeout_s: float) -> int:
        """Wait until no touch is in flight, and return how many still are after `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: not self._pending, timeout_s)
            return self._pending

    def take_failures(self) -> tuple[int, str]:
        """Return how many touches failed since the last call, and the error of the last one."""
        if not self._unreported:  # read without the lock, since this is called for every touch
            return 0, ""
        with self._changed:
            failures, self._unreported = self._unreported, 0
            return failures, self._last_error

    def counts(self) -> Counts:
        """Return the numbers so far."""
        with self._changed:
            return Counts(dict(self._emitted), dict(self._failed), self._pending)

    def _has_space(self, size_bytes: int) -> bool:
        return not self._pending or self._pending_bytes + size_bytes <= self._limit_bytes

    def _free(self, size_bytes: int) -> None:
        self._pending -= 1
        self._pending_bytes -= size_bytes
        self._changed.notify_all()
