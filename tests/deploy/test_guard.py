"""No child is left running when the parent, the guard, or both are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from deploy.process import Child
from tests.deploy.processes import DEADLINE_S, ORDERLY, STUBBORN, is_gone, wait_for

PARENT = """
import sys, threading
from pathlib import Path
from deploy.process import Child
child = Child("child", sys.argv[3:], Path(sys.argv[1]), stop_s=float(sys.argv[2]))
starter = threading.Thread(target=child.start)  # its end is not the end of the parent
starter.start()
starter.join()
line = child.wait_line(lambda line: True, 30)
print(child.pid, child.guard_pid, line, flush=True)
sys.stdin.read()
child.stop()
"""


@dataclass
class Family:
    """A parent process with one guarded child, and the child's first line."""

    parent: subprocess.Popen[str]
    child: int
    guard: int
    words: list[str]
    log: Path

    def kill(self, *pids: int) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def wait_gone(self, *more: int) -> None:
        for pid in (self.child, self.guard, *more):
            wait_for(partial(is_gone, pid), f"process {pid} of {self} is gone")


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Family]:
    def make(command: list[str], stop_s: float) -> Family:
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(tmp_path / "log"), str(stop_s), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert parent.stdout is not None
        child, guard, *words = parent.stdout.readline().split()
        return Family(parent, int(child), int(guard), words, tmp_path / "log")

    return make


def test_an_orderly_child_of_a_killed_parent_still_stops_in_order(start: Callable[..., Family]) -> None:
    family = start(ORDERLY, 30)
    family.parent.kill()
    family.wait_gone()
    assert family.log.read_text() == "ready\nstopping\n"
    family.parent.communicate()


def test_a_killed_parent_leaves_no_child_that_ignores_signals(start: Callable[..., Family]) -> None:
    family = start(STUBBORN, 0.2)
    family.parent.kill()
    family.wait_gone(int(family.words[1]))
    family.parent.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a process to its parent's life")
def test_killed_parent_and_guard_together_leave_no_child(start: Callable[..., Family]) -> None:
    family = start(ORDERLY, 30)
    family.kill(family.guard, family.parent.pid)
    family.wait_gone()
    family.parent.communicate()


def test_a_guard_told_to_stop_stops_its_child_in_order(start: Callable[..., Family]) -> None:
    family = start(ORDERLY, 30)
    os.kill(family.guard, signal.SIGTERM)
    family.wait_gone()
    assert family.log.read_text() == "ready\nstopping\n"
    family.parent.communicate()


def test_a_forked_copy_of_the_parent_does_not_keep_the_child_alive(tmp_path: Path) -> None:
    """The fork keeps the line open; the guard notices that its parent has changed."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from deploy.process import Child\n"
        "child = Child('child', sys.argv[2:], Path(sys.argv[1]))\n"
        "child.start()\n"
        "copy = os.fork()\n"
        "if copy: print(child.pid, copy, flush=True)\n"
        "while True: signal.pause()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log"), *ORDERLY],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    child, copy = (int(pid) for pid in parent.stdout.readline().split())
    parent.kill()
    try:
        wait_for(lambda: is_gone(child), "the child is gone")
        assert not is_gone(copy)
    finally:
        os.kill(copy, signal.SIGKILL)
        parent.communicate()


def test_a_killed_guard_ends_its_child_and_is_reported(tmp_path: Path) -> None:
    child = Child("stubborn", STUBBORN, tmp_path / "log", stop_s=30)
    child.start()
    grandchild = int(child.wait_line(lambda line: line.startswith("grandchild"), DEADLINE_S).split()[1])
    os.kill(child.guard_pid, signal.SIGKILL)
    wait_for(lambda: not child.alive(), "the end is noticed")
    assert child.exit_code == -signal.SIGKILL
    for pid in (child.pid, grandchild):
        wait_for(partial(is_gone, pid), f"process {pid} is gone")
    child.stop()
    assert is_gone(child.guard_pid)


def test_a_stopped_parent_does_not_count_as_ended(start: Callable[..., Family]) -> None:
    """Ctrl-Z pauses the parent; its children continue, and stop when it ends."""
    family = start(ORDERLY, 30)
    family.parent.send_signal(signal.SIGSTOP)
    assert not is_gone(family.child)
    family.parent.send_signal(signal.SIGCONT)
    family.parent.communicate("")
    family.wait_gone()
    assert family.parent.returncode == 0
    assert family.log.read_text() == "ready\nstopping\n"
