"""What is on its way to Kafka: a bounded number of bytes, and the counts of what became of them."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many touches were acknowledged and how many failed, by channel; `pending` are on their way."""

    emitted: Mapping[str, int]
    failed: Mapping[str, int]
    pending: int


class Buffer:
    """Shared by those who send and the thread that hears what became of it, under one lock."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._changed = threading.Condition()
        self._pending = 0
        self._pending_bytes = 0
        self._emitted: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._untold = 0
        self._why = ""

    def reserve(self, size: int, wait_s: float) -> bool:
        """Takes room for one touch; False when there was none in time. A touch larger than all the room goes alone."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_room(size), wait_s):
                return False
            self._pending += 1
            self._pending_bytes += size
            return True

    def release(self, size: int) -> None:
        """Gives back the room of a touch that was not sent."""
        with self._changed:
            self._settle(size)

    def acknowledge(self, channel: str, size: int) -> None:
        """A touch has arrived."""
        with self._changed:
            self._emitted[channel] += 1
            self._settle(size)

    def fail(self, channel: str, size: int, why: str) -> None:
        """A touch was given up."""
        with self._changed:
            self._failed[channel] += 1
            self._untold += 1
            self._why = why
            self._settle(size)

    def wait_empty(self, timeout_s: float) -> int:
        """Waits until nothing is on its way, so long at most; returns how many touches still are."""
        with self._changed:
            self._changed.wait_for(lambda: not self._pending, timeout_s)
            return self._pending

    def take_failures(self) -> tuple[int, str]:
        """How many touches failed since this was last asked, and why the last one did."""
        if not self._untold:  # without the lock: asked for every touch
            return 0, ""
        with self._changed:
            failures, self._untold = self._untold, 0
            return failures, self._why

    def counts(self) -> Counts:
        """The numbers so far."""
        with self._changed:
            return Counts(dict(self._emitted), dict(self._failed), self._pending)

    def _has_room(self, size: int) -> bool:
        return not self._pending or self._pending_bytes + size <= self._limit_bytes

    def _settle(self, size: int) -> None:
        self._pending -= 1
        self._pending_bytes -= size
        self._changed.notify_all()
