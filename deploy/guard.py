"""A small process between Touchline and one child, so that the child never outlives Touchline.

It runs as a plain script, isolated and without site packages (8 MB, 20 ms)::

    python -I -S guard.py LINE_FD STOP_S LOG LOG_BYTES LOGS_KEPT -- COMMAND...

`LINE_FD` is one end of a socket pair; the parent holds the other. The kernel closes the parent's end however the
parent ends, so the end of that stream means "stop the child", exactly like SIGTERM to the guard. The guard writes at
most three text lines to it: `pid N` once the command runs, or `error TEXT` if it could not be run, and `exit N` when
it has ended (minus the signal's number after a signal).

The command's standard output and error are one pipe, which the guard copies to the file `LOG`. A log that would grow
beyond `LOG_BYTES` is renamed to `LOG.1`, the one before to `LOG.2`, and so on; the oldest of `LOGS_KEPT` is removed. A
full disk never blocks the command: output that cannot be written is dropped, counted, and reported in the log when
there is room again. Even after the parent has ended, the guard copies all output to the end of the command.

An orderly stop is SIGTERM to the child, a wait of `STOP_S` seconds, then SIGKILL to its whole process group. If the
guard itself is killed, Linux kills the child with it (PR_SET_PDEATHSIG); elsewhere the parent does so when it notices.
The guard imports only what it needs, and no other module of Touchline.
"""

import os
import select
import signal
import sys
import time
from typing import NoReturn

PR_SET_PDEATHSIG = 1  # linux/prctl.h
CHUNK_BYTES = 65536
DRAINED_BYTES = 16 * 1024 * 1024  # at most, after the end: a process outside the group may keep writing
PARENT_CHECK_S = 2.0  # a fork of the parent may keep its end of the line open, so the parent process is checked as well


class RotatingLog:
    """A log file of limited size with `kept` older ones beside it. It also gets the guard's own output."""

    def __init__(self, path: str, limit_bytes: int, kept: int) -> None:
        self.path = path
        self.limit_bytes = limit_bytes
        self.kept = kept
        self.fd = self._open()
        self.size_bytes = os.fstat(self.fd).st_size
        self.dropped_bytes = 0

    def write(self, chunk: bytes) -> None:
        """Append the chunk, rotating where the file would become too large. Never raises OSError."""
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
        """Return how many bytes of the chunk go to this file: whole lines if possible; never 0 for an empty file."""
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
        """Rename this log and the older ones to their next number, and open a new one."""
        if self._has_name():  # False if the last rotation could not open a new one, or the file was removed
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
        """Redirect the guard's own output to the same file."""
        for output in (1, 2):
            os.dup2(self.fd, output)


def drain(output_fd: int, log: RotatingLog) -> bool:
    """Copy the current content of the pipe to the log; return whether the pipe is still open."""
    for _ in range(DRAINED_BYTES // CHUNK_BYTES):
        try:
            chunk = os.read(output_fd, CHUNK_BYTES)
        except BlockingIOError:
            return True
        if not chunk:
            return False
        log.write(chunk)
    return True


def send_line(line_fd: int, text: str) -> None:
    """Write one line to the parent, which may have ended."""
    try:
        os.write(line_fd, f"{text}\n".encode("utf-8", "replace"))
    except OSError:
        return


def exec_command(argv: list[str], error_fd: int, output_fd: int, guard_pid: int) -> NoReturn:
    """In the forked process: make a process group, tie its life to the guard's, and execute the command."""
    try:
        os.setpgid(0, 0)
        os.dup2(output_fd, 1)
        os.dup2(output_fd, 2)
        if sys.platform == "linux":
            import ctypes  # only in the fork, so that it costs the guard nothing

            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != guard_pid:  # the guard ended before prctl took effect
            os._exit(1)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGPIPE, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(argv[0], argv)
    except OSError as error:
        send_line(error_fd, f"{argv[0]}: {error.strerror}")
    except BaseException as error:  # after any error this process must not continue as a second guard
        send_line(error_fd, f"{argv[0]}: {error!r}")
    os._exit(127)


def launch(command: list[str], output_fd: int) -> tuple[int, str]:
    """Start the command with its output to `output_fd`; return its process id and an error (empty if it runs)."""
    guard_pid = os.getpid()
    error_fd, error_write_fd = os.pipe()  # the kernel closes it when the command is executed
    pid = os.fork()
    if pid == 0:
        exec_command(command, error_write_fd, output_fd, guard_pid)
    os.close(error_write_fd)
    os.close(output_fd)
    with os.fdopen(error_fd, "rb") as errors:
        return pid, errors.read().decode("utf-8", "replace").strip()


def signal_child(pid: int, number: int, whole_group: bool) -> None:
    """Send a signal to the child or to its group; a child that has ended is no error."""
    try:
        (os.killpg if whole_group else os.kill)(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return


def supervise(
    pid: int, line_fd: int, wake_fd: int, output_fd: int, log: RotatingLog, stop_s: float, parent_pid: int
) -> int:
    """Wait until the child has ended, stopping it when the parent has ended or demands it; return the exit code.

    Meanwhile copy everything from `output_fd` to the log.
    """
    listening = select.poll()  # select(2) takes no descriptor above 1023, and the parent may pass one
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
    """Return data from the parent; empty means that it has ended or that the child is to be stopped."""
    try:
        return os.read(line_fd, 4096)
    except ConnectionError:
        return b""


def main(argv: list[str]) -> int:
    """Run the command of `argv` and supervise it until it has ended."""
    line_fd, stop_s, command = int(argv[1]), float(argv[2]), argv[argv.index("--") + 1 :]
    log = RotatingLog(argv[3], int(argv[4]), int(argv[5]))
    parent_pid = os.getppid()  # read before the parent learns that the command runs, since it may end right after
    os.set_inheritable(line_fd, False)
    output_fd, output_write_fd = os.pipe()
    os.set_blocking(output_fd, False)
    wake_fd, wake_write_fd = os.pipe()
    os.set_blocking(wake_write_fd, False)
    signal.set_wakeup_fd(wake_write_fd)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)  # the wake-up pipe reports them
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    pid, problem = launch(command, output_write_fd)
    send_line(line_fd, f"error {problem}" if problem else f"pid {pid}")
    code = supervise(pid, line_fd, wake_fd, output_fd, log, stop_s, parent_pid)
    signal_child(pid, signal.SIGKILL, whole_group=True)  # processes that the child has started and left
    drain(output_fd, log)
    send_line(line_fd, f"exit {code}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
