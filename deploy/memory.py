"""The default memory limit of the embedded engine."""

import os
from pathlib import Path
from typing import Final

LEAST_MB: Final = 1024
# The memory limit of a container, in cgroup v2 and v1: https://docs.kernel.org/admin-guide/cgroup-v2.html
_CGROUP_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def default_memory_mb() -> int:
    """Return half of the memory of the machine or of this container, at least `LEAST_MB`."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), *map(_limit, _CGROUP_LIMITS)]
    return max(LEAST_MB, min(size for size in sizes if size > 0) // 2 >> 20)


def _limit(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # there is no such cgroup, or it has no limit: "max"
        return 0
