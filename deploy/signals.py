"""Signals to process groups, and their names."""

import contextlib
import os
import signal


def signal_name(number: int) -> str:
    """SIGKILL for 9, and so on."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def is_in_session(pid: int, session: int) -> bool:
    """Whether the process belongs to that session, or is gone (then a group of its number is what it left behind)."""
    try:
        return os.getsid(pid) == session
    except ProcessLookupError:
        return True


def kill_group(pid: int) -> None:
    """SIGKILL to a process group; one that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        os.killpg(pid, signal.SIGKILL)
