"""CPU time and memory of a process, from Linux's /proc. Elsewhere `make bench` reports that it cannot measure."""

import os
import sys
from pathlib import Path
from typing import Final

_STATUS_UNIT_BYTES: Final = 1024
_PROC: Final = Path("/proc")


class NotMeasurableError(RuntimeError):
    """This system does not provide process figures; the message says what to do."""


def require_proc() -> None:
    """Raise NotMeasurableError on systems without /proc."""
    if not (_PROC / "self" / "stat").exists():
        raise NotMeasurableError(
            f"make bench reads CPU time and memory of its processes from /proc, which {sys.platform} does not have: "
            "run it on Linux, or in a container."
        )


def read_cpu_s(pid: int) -> float:
    """Return CPU seconds of a process and all its threads, user and system (proc(5): fields 14 and 15 of `stat`)."""
    fields = (_PROC / str(pid) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_rss_bytes(pid: int) -> int:
    """Return the resident memory of a process (`VmRSS`)."""
    return _read_status(pid, "VmRSS")


def read_peak_rss_bytes(pid: int) -> int:
    """Return the peak resident memory of a process (`VmHWM`)."""
    return _read_status(pid, "VmHWM")


def _read_status(pid: int, name: str) -> int:
    for line in (_PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * _STATUS_UNIT_BYTES
    raise NotMeasurableError(f"process {pid} has no {name} in /proc: has it ended?")
