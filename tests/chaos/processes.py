"""Memory and CPU time of a process, read from /proc (Linux only)."""

import os
from pathlib import Path


def read_peak_mb(pid: int) -> float:
    """Return the peak resident set size in MB; 0 for a process that has ended."""
    return _read_mb(pid, "VmHWM:")


def read_cpu_s(pid: int) -> float:
    """Return user and system CPU time in seconds; 0 for a process that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read_mb(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)
