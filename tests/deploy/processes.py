"""Helpers for the tests of child processes: waiting for a condition, and programs with a given behaviour."""

import os
import sys
import time
from collections.abc import Callable

DEADLINE_S = 30.0

# Prints that it is ready, runs until SIGTERM, prints that it stops, and ends with exit code 5.
ORDERLY = [
    sys.executable,
    "-c",
    "import signal, sys\n"
    "def end(*_): print('stopping', flush=True); sys.exit(5)\n"
    "signal.signal(signal.SIGTERM, end)\n"
    "print('ready', flush=True)\n"
    "while True: signal.pause()",
]
# Ignores every signal that can be ignored, as does a child of its own, whose process id it prints.
STUBBORN = [
    sys.executable,
    "-c",
    "import os, signal\n"
    "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\n"
    "pid = os.fork()\n"
    "if pid: print('grandchild', pid, flush=True)\n"
    "while True: signal.pause()",
]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once the condition is true; fail after the time-out."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_S:g} s: {what}"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Return whether no process with this id runs; an unreaped zombie does not count as running."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return sys.platform == "linux"
