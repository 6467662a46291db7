"""The encoded events of the last minutes, from which every viewer reads at a place of its own."""

from collections import deque
from typing import Final, NamedTuple

KEPT_MS: Final = 120_000
KEPT_BYTES: Final = 1024 * 1024


class _Entry(NamedTuple):
    number: int
    at_ms: int
    end: int  # bytes written so far, this entry included
    data: bytes


class MessageLog:
    """A log of events for viewers who see the same. Entries have growing numbers, with gaps."""

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque()
        self._dropped_to = 0  # number of the last entry that is gone
        self._written = 0

    def append(self, number: int, data: bytes, now_ms: int) -> None:
        """Append an entry, and drop those that are too old or too much."""
        self._written += len(data)
        self._entries.append(_Entry(number, now_ms, self._written, data))
        while self._entries[0].at_ms < now_ms - KEPT_MS or self._written - self._start() > KEPT_BYTES:
            if len(self._entries) == 1:
                return
            self._dropped_to = self._entries.popleft().number

    def after(self, number: int) -> bytes | None:
        """Return all entries behind that number, joined; None if some of them are gone."""
        if number < self._dropped_to:
            return None
        found: list[bytes] = []
        for entry in reversed(self._entries):
            if entry.number <= number:
                break
            found.append(entry.data)
        return b"".join(reversed(found))

    def size_after(self, number: int) -> int | None:
        """Return the bytes of all entries behind that number; None if some of them are gone."""
        if number < self._dropped_to:
            return None
        for entry in reversed(self._entries):
            if entry.number <= number:
                return self._written - entry.end
        return self._written - self._start()

    def drop_all(self, number: int) -> None:
        """Drop all entries; those up to `number` count as gone."""
        self._entries.clear()
        self._dropped_to = number

    def _start(self) -> int:
        """Return the bytes that were written before the first entry."""
        return self._entries[0].end - len(self._entries[0].data) if self._entries else self._written
