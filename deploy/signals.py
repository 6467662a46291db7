"""Signals to process groups, and their names."""

import contextlib
import os
import signal


def signal_name(number: int) -> str:
    """Return the name of a signal, such as SIGKILL for 9."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def is_in_session(pid: int, session: int) -> bool:
    """Return whether the process belongs to the session or has ended (its process group may still have members)."""
    try:
        return os.getsid(pid) == session
    except ProcessLookupError:
        return True


def kill_group(pid: int) -> None:
    """Send SIGKILL to a process group; a group that has ended is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(pid, signal.SIGKILL)
