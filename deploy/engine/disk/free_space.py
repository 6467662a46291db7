"""The free room on the engine's disk, and the margin below which nothing is written.

The margin is needed because the engine adds a part even if the disk ran full while it wrote the part's last small
files, which are then empty (seen with chDB 4.4.0 on ext4 and tmpfs, for inserts and for merges). So it stops before
that, and resumes when clearly more than the margin is free again.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MB: Final = 1 << 20
_LEAST_BYTES: Final = 256 * MB
_MOST_BYTES: Final = 5 << 30
_FASTEST_BYTES_PER_S: Final = 4 << 30  # the fastest that another process can fill the disk: the speed of memory
_CHECKS_S: Final = (0.02, 1.0)


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Free and total size of a disk."""

    free_bytes: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Margin:
    """Nothing is written below `stop_bytes` of free room, until `resume_bytes` are free again."""

    stop_bytes: int
    resume_bytes: int

    def is_low(self, free_bytes: int, was_low: bool) -> bool:
        return free_bytes < (self.resume_bytes if was_low else self.stop_bytes)

    def next_check_s(self, free_bytes: int) -> float:
        """Return the seconds until the next check: half of a fast writer's time to the margin, within bounds."""
        until_s = (free_bytes - self.stop_bytes) / _FASTEST_BYTES_PER_S / 2
        return min(_CHECKS_S[1], max(_CHECKS_S[0], until_s))


def margin_of(size_bytes: int, min_free_mb: int | None) -> Margin:
    """Return the margin for a disk of this size: `min_free_mb` if given, else a hundredth of the disk.

    The hundredth is raised to 256 MB and capped at 5 GB and at a tenth of the disk, so that a small disk is usable.
    """
    if min_free_mb is None:
        stop = min(max(size_bytes // 100, _LEAST_BYTES), _MOST_BYTES, size_bytes // 10)
    else:
        stop = min_free_mb * MB
    return Margin(stop, stop + stop // 2)


def read_disk_space(folder: Path) -> DiskSpace:
    """Return the room on the folder's disk that a process without privileges may use."""
    found = os.statvfs(folder)
    return DiskSpace(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)
