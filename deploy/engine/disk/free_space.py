"""How much room is left on the engine's disk, and whether it is too little to write anything.

The engine needs room left: when the disk runs full while it writes the last small files of a part, it takes the part
in all the same, empty files and all (seen with chDB 4.4.0 on ext4 and tmpfs, for inserts and for merges). So it stops
before, with a margin, and goes on when clearly more than that is free again.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MB: Final = 1 << 20
_LEAST_BYTES: Final = 256 * MB
_MOST_BYTES: Final = 5 << 30
_FASTEST_BYTES_PER_S: Final = 4 << 30  # how fast another process may fill the disk: memory's speed
_LOOKS_S: Final = (0.02, 1.0)


@dataclass(frozen=True, slots=True)
class Room:
    """A look at a disk."""

    free_bytes: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Margin:
    """Below `stop_bytes` of free room nothing is written; from `resume_bytes` on it goes on."""

    stop_bytes: int
    resume_bytes: int

    def is_low(self, free_bytes: int, was_low: bool) -> bool:
        return free_bytes < (self.resume_bytes if was_low else self.stop_bytes)

    def next_look_s(self, free_bytes: int) -> float:
        """Seconds until the next look: half of what a fast writer needs to the margin, within bounds."""
        until_s = (free_bytes - self.stop_bytes) / _FASTEST_BYTES_PER_S / 2
        return min(_LOOKS_S[1], max(_LOOKS_S[0], until_s))


def margin_of(size_bytes: int, min_free_mb: int | None) -> Margin:
    """Return the margin for a disk of this size: `min_free_mb` if given, else a hundredth of the disk.

    The hundredth is at least 256 MB, at most 5 GB, and never more than a tenth, so that a small disk can be used.
    """
    if min_free_mb is None:
        stop = min(max(size_bytes // 100, _LEAST_BYTES), _MOST_BYTES, size_bytes // 10)
    else:
        stop = min_free_mb * MB
    return Margin(stop, stop + stop // 2)


def look(folder: Path) -> Room:
    """Return the room on the disk that holds the folder, as a process without privileges has it."""
    found = os.statvfs(folder)
    return Room(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)
