"""A small process that stands between Touchline and one child, so that the child never outlives us.

Run as a plain script, isolated and without site packages (8 MB, 20 ms)::

    python -I -S guard.py LINE_FD STOP_S -- COMMAND...

`LINE_FD` is one end of a socket pair; the parent holds the other. The kernel closes the parent's end whatever the
parent dies of, so the end of that stream means "stop the child", exactly like SIGTERM to the guard. The guard writes
at most three text lines to it: `pid N` once the command runs, or `error TEXT` if it could not be run, and `exit N`
when it ended (negative: minus the signal).

Stopping in order: SIGTERM to the child, `STOP_S` seconds of patience, then SIGKILL to its whole process group.
Should the guard itself be killed, Linux kills the child with it (PR_SET_PDEATHSIG); elsewhere the parent does so when
it notices. The guard imports only what it needs and nothing of ours.
"""

import os
import select
import signal
import sys
import time
from typing import NoReturn

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PARENT_CHECK_S = 2.0  # a forked copy of the parent may keep its end of the line open; its death then shows here


def tell(line_fd: int, text: str) -> None:
    """Write one line to the parent, who may be gone."""
    try:
        os.write(line_fd, f"{text}\n".encode("utf-8", "replace"))
    except OSError:
        return


def become(argv: list[str], error_fd: int, guard_pid: int) -> NoReturn:
    """In the forked process: own process group, die with the guard, then turn into the command."""
    try:
        os.setpgid(0, 0)
        if sys.platform == "linux":
            import ctypes  # only here: it costs the guard nothing

            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != guard_pid:  # the guard died before the line above could count
            os._exit(1)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGPIPE, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(argv[0], argv)
    except OSError as error:
        tell(error_fd, f"{argv[0]}: {error.strerror}")
    except BaseException as error:  # whatever it is must not run on as a second guard
        tell(error_fd, f"{argv[0]}: {error!r}")
    os._exit(127)


def launch(command: list[str]) -> tuple[int, str]:
    """Start the command; its process id, and why it could not be run (empty if it runs)."""
    guard_pid = os.getpid()
    error_fd, error_write_fd = os.pipe()  # closed by the kernel in the moment the command runs
    pid = os.fork()
    if pid == 0:
        become(command, error_write_fd, guard_pid)
    os.close(error_write_fd)
    with os.fdopen(error_fd, "rb") as errors:
        return pid, errors.read().decode("utf-8", "replace").strip()


def signal_child(pid: int, number: int, whole_group: bool) -> None:
    """Send a signal to the child or to its group; one that is gone is no error."""
    try:
        (os.killpg if whole_group else os.kill)(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        return


def watch(pid: int, line_fd: int, wake_fd: int, stop_s: float, parent_pid: int) -> int:
    """Wait until the child has ended, stopping it when the parent is gone or asks for it; returns the exit code."""
    listening = [line_fd, wake_fd]
    asked_at: float | None = None
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        wait_s = PARENT_CHECK_S if asked_at is None else max(0.0, asked_at + stop_s - time.monotonic())
        if asked_at is not None and wait_s == 0.0:
            signal_child(pid, signal.SIGKILL, whole_group=True)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        ready = select.select(listening, [], [], wait_s)[0]
        stop = os.getppid() != parent_pid
        if wake_fd in ready:
            stop |= signal.SIGTERM in os.read(wake_fd, 4096)
        if line_fd in ready:
            stop |= not read_line(line_fd)
        if stop and asked_at is None:
            asked_at = time.monotonic()
            signal_child(pid, signal.SIGTERM, whole_group=False)
            listening = [wake_fd]


def read_line(line_fd: int) -> bytes:
    """What the parent said; nothing means that it is gone or wants the child stopped."""
    try:
        return os.read(line_fd, 4096)
    except ConnectionError:
        return b""


def main(argv: list[str]) -> int:
    """Run the command of `argv` and stay with it to its end."""
    line_fd, stop_s, command = int(argv[1]), float(argv[2]), argv[4:]
    parent_pid = os.getppid()  # before the parent hears that the command runs, and may die of whatever it likes
    os.set_inheritable(line_fd, False)
    wake_fd, wake_write_fd = os.pipe()
    os.set_blocking(wake_write_fd, False)
    signal.set_wakeup_fd(wake_write_fd)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)  # the wake-up pipe carries the news
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    pid, problem = launch(command)
    tell(line_fd, f"error {problem}" if problem else f"pid {pid}")
    code = watch(pid, line_fd, wake_fd, stop_s, parent_pid)
    signal_child(pid, signal.SIGKILL, whole_group=True)  # whatever the child had started and left behind
    tell(line_fd, f"exit {code}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
