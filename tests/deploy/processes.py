"""What the tests of child processes share: waiting for a condition, and programs that behave in a certain way."""

import os
import sys
import time
from collections.abc import Callable

DEADLINE_S = 30.0

# Says that it is ready, then runs on until it is told to stop; says so, and ends with exit code 5.
ORDERLY = [
    sys.executable,
    "-c",
    "import signal, sys\n"
    "def end(*_): print('stopping', flush=True); sys.exit(5)\n"
    "signal.signal(signal.SIGTERM, end)\n"
    "print('ready', flush=True)\n"
    "while True: signal.pause()",
]
# Ignores every polite signal, and has a child of its own that does as well; says the process id of that one.
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
    """Return once the condition holds; fail if it does not in time."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_S:g} s: {what}"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Whether no process of this id runs; a zombie that nobody has collected yet does not run."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return sys.platform == "linux"
