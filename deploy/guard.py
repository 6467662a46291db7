"""A small process that stands between Touchline and one child, so that the child never outlives us.

Run as a plain script, isolated and without site packages (8 MB, 20 ms)::

    python -I -S guard.py LINE_FD STOP_S LOG LOG_BYTES LOGS_KEPT -- COMMAND...

`LINE_FD` is one end of a socket pair; the parent holds the other. The kernel closes the parent's end whatever the
parent dies of, so the end of that stream means "stop the child", exactly like SIGTERM to the guard. The guard writes
at most three text lines to it: `pid N` once the command runs, or `error TEXT` if it could not be run, and `exit N`
when it ended (negative: minus the signal).

The command's standard output and error are one pipe, which the guard copies to the file `LOG`. A log that would grow
beyond `LOG_BYTES` is renamed to `LOG.1`, the one before to `LOG.2`, and so on; the oldest of `LOGS_KEPT` is removed. A
disk that takes no more never holds the command up: what cannot be written is dropped, counted, and reported in the log
when there is room again. Whatever ends the parent, the guard copies everything to the end of the command.

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
CHUNK_BYTES = 65536
DRAINED_BYTES = 16 * 1024 * 1024  # at most, after the end: a process outside the group may go on writing
PARENT_CHECK_S = 2.0  # a forked copy of the parent may keep its end of the line open; its death then shows here


class Log:
    """A file of bounded size, with `kept` older ones beside it. The guard's own output goes there, too."""

    def __init__(self, path: str, limit_bytes: int, kept: int) -> None:
        self.path = path
        self.limit_bytes = limit_bytes
        self.kept = kept
        self.fd = self._open()
        self.size_bytes = os.fstat(self.fd).st_size
        self.dropped_bytes = 0

    def write(self, chunk: bytes) -> None:
        """Append the chunk, in new files where this one would become too large. Never raises OSError."""
        try:
            if self.dropped_bytes:
                self._append(f"[{self.dropped_bytes} bytes of this log could not be written]\n".encode())
                self.dropped_bytes = 0
            while chunk:
                cut = self._cut(chunk)
                if cut == 0:
                    self._rotate()
                self._append(chunk[:cut])
                chunk = chunk[cut:]
        except OSError:
            self.dropped_bytes += len(chunk)

    def _cut(self, chunk: bytes) -> int:
        """How much of the chunk goes to this file: whole lines if possible, something at least to an empty file."""
        room = max(0, self.limit_bytes - self.size_bytes)
        if len(chunk) <= room:
            return len(chunk)
        lines = chunk.rfind(b"\n", 0, room) + 1
        return lines if lines or self.size_bytes else room or len(chunk)

    def _append(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:
            written = os.write(self.fd, view)
            self.size_bytes += written
            view = view[written:]

    def _rotate(self) -> None:
        """Give this log and the older ones their next number, and begin a new one."""
        if self._has_name():  # not if a new one could not be made the last time, or it was removed
            for number in range(self.kept, 0, -1):
                newer = f"{self.path}.{number - 1}" if number > 1 else self.path
                if os.path.exists(newer):
                    os.replace(newer, f"{self.path}.{number}")
        fd = self._open()
        os.dup2(fd, self.fd)
        os.close(fd)
        self.size_bytes = os.fstat(self.fd).st_size
        self._take_output()

    def _has_name(self) -> bool:
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(self.fd))
        except FileNotFoundError:
            return False

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _take_output(self) -> None:
        """An error of the guard itself belongs in the same file."""
        for output in (1, 2):
            os.dup2(self.fd, output)


def drain(output_fd: int, log: Log) -> bool:
    """Copy what the pipe holds now; whether more may come."""
    for _ in range(DRAINED_BYTES // CHUNK_BYTES):
        try:
            chunk = os.read(output_fd, CHUNK_BYTES)
        except BlockingIOError:
            return True
        if not chunk:
            return False
        log.write(chunk)
    return True


def tell(line_fd: int, text: str) -> None:
    """Write one line to the parent, who may be gone."""
    try:
        os.write(line_fd, f"{text}\n".encode("utf-8", "replace"))
    except OSError:
        return


def become(argv: list[str], error_fd: int, output_fd: int, guard_pid: int) -> NoReturn:
    """In the forked process: own process group, die with the guard, then turn into the command."""
    try:
        os.setpgid(0, 0)
        os.dup2(output_fd, 1)
        os.dup2(output_fd, 2)
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


def launch(command: list[str], output_fd: int) -> tuple[int, str]:
    """Start the command, printing to `output_fd`; its process id, and why it could not be run (empty if it runs)."""
    guard_pid = os.getpid()
    error_fd, error_write_fd = os.pipe()  # closed by the kernel in the moment the command runs
    pid = os.fork()
    if pid == 0:
        become(command, error_write_fd, output_fd, guard_pid)
    os.close(error_write_fd)
    os.close(output_fd)
    with os.fdopen(error_fd, "rb") as errors:
        return pid, errors.read().decode("utf-8", "replace").strip()


def signal_child(pid: int, number: int, whole_group: bool) -> None:
    """Send a signal to the child or to its group; one that is gone is no error."""
    try:
        (os.killpg if whole_group else os.kill)(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        return


def watch(pid: int, line_fd: int, wake_fd: int, output_fd: int, log: Log, stop_s: float, parent_pid: int) -> int:
    """Wait until the child has ended, stopping it when the parent is gone or asks for it; returns the exit code.

    Meanwhile everything that comes out of `output_fd` goes to the log.
    """
    listening = select.poll()  # select(2) takes no descriptor from 1024 on, and the parent may have given one
    for fd in (line_fd, wake_fd, output_fd):
        listening.register(fd, select.POLLIN)
    asked_at: float | None = None
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        wait_s = PARENT_CHECK_S if asked_at is None else max(0.0, asked_at + stop_s - time.monotonic())
        if asked_at is not None and wait_s == 0.0:
            signal_child(pid, signal.SIGKILL, whole_group=True)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        ready = {fd for fd, _ in listening.poll(1000 * wait_s)}
        if output_fd in ready and not drain(output_fd, log):
            listening.unregister(output_fd)
        stop = os.getppid() != parent_pid
        if wake_fd in ready:
            stop |= signal.SIGTERM in os.read(wake_fd, 4096)
        if line_fd in ready:
            stop |= not read_line(line_fd)
        if stop and asked_at is None:
            asked_at = time.monotonic()
            signal_child(pid, signal.SIGTERM, whole_group=False)
            listening.unregister(line_fd)


def read_line(line_fd: int) -> bytes:
    """What the parent said; nothing means that it is gone or wants the child stopped."""
    try:
        return os.read(line_fd, 4096)
    except ConnectionError:
        return b""


def main(argv: list[str]) -> int:
    """Run the command of `argv` and stay with it to its end."""
    line_fd, stop_s, command = int(argv[1]), float(argv[2]), argv[argv.index("--") + 1 :]
    log = Log(argv[3], int(argv[4]), int(argv[5]))
    parent_pid = os.getppid()  # before the parent hears that the command runs, and may die of whatever it likes
    os.set_inheritable(line_fd, False)
    output_fd, output_write_fd = os.pipe()
    os.set_blocking(output_fd, False)
    wake_fd, wake_write_fd = os.pipe()
    os.set_blocking(wake_write_fd, False)
    signal.set_wakeup_fd(wake_write_fd)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)  # the wake-up pipe carries the news
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    pid, problem = launch(command, output_write_fd)
    tell(line_fd, f"error {problem}" if problem else f"pid {pid}")
    code = watch(pid, line_fd, wake_fd, output_fd, log, stop_s, parent_pid)
    signal_child(pid, signal.SIGKILL, whole_group=True)  # whatever the child had started and left behind
    drain(output_fd, log)
    tell(line_fd, f"exit {code}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
