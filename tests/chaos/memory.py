"""How much memory a process has held at most."""

from pathlib import Path


def read_peak_mb(pid: int) -> float:
    """Its largest resident size so far in MB, as Linux keeps it; 0 for a process that is gone."""
    return _read_mb(pid, "VmHWM:")


def read_mb(pid: int) -> float:
    """Its resident size now in MB; 0 for a process that is gone."""
    return _read_mb(pid, "VmRSS:")


def _read_mb(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)
