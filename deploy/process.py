"""Child processes that stop in order and never outlive this process.

Each child runs under a guard (`guard.py`) in a session of its own: Ctrl-C in the terminal reaches only this process,
and when this process ends, even by `kill -9`, the guard stops the child. The guard copies the child's output to a log
file and rotates it; `wait_line` and `last_lines` read it there. Files that the child makes are readable by its owner
alone (umask 077).
"""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from deploy.log_file import LogFile
from deploy.signals import is_in_session, kill_group, signal_name

GUARD = Path(__file__).with_name("guard.py")
START_S = 30.0  # until the guard reports that the command runs
GRACE_S = 5.0  # for the guard, in addition to the child's time to stop
POLL_S = 0.02
LOG_LIMIT_BYTES = 8 * 1024 * 1024
LOGS_KEPT = 3  # older ones, `.1` the newest
PRIVATE = 0o077  # umask


class ChildError(RuntimeError):
    """A child could not be started, ended unexpectedly, or did not print the expected line; the message says which."""


class Child:
    """One supervised process. `argv` is executed as it is; both output streams are appended to `log_path`.

    `env` replaces the whole environment if given, `cwd` is the working folder, and the child is killed if it takes
    longer than `stop_s` to stop. `keep_fds` stay open while the child is supervised (a folder's lock).
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log_path: Path,
        env: Mapping[str, str] | None = None,
        stop_s: float = 20.0,
        cwd: Path | None = None,
        keep_fds: Sequence[int] = (),
        log_limit_bytes: int = LOG_LIMIT_BYTES,
    ) -> None:
        self.name = name
        self.argv = list(argv)
        self.log_path = log_path.absolute()
        self.log = LogFile(self.log_path)
        self.log_limit_bytes = log_limit_bytes
        self.env = env
        self.stop_s = stop_s
        self.cwd = cwd
        self.keep_fds = tuple(keep_fds)
        self.exit_code: int | None = None
        self._pid: int | None = None
        self._error: str | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._guard_line: socket.socket | None = None
        self._buffer = b""

    @property
    def pid(self) -> int:
        """The process id of the child itself, not of its guard. Raises `ChildError` before `start`."""
        if self._pid is None:
            raise ChildError(f"{self.name} has not been started.")
        return self._pid

    @property
    def guard_pid(self) -> int:
        """The process id of the guard. Raises `ChildError` before `start`."""
        if self._guard is None:
            raise ChildError(f"{self.name} has not been started.")
        return self._guard.pid

    def start(self) -> None:
        """Start the command; return once it runs. Raises `ChildError` if it does not, or was started before."""
        if self._guard is not None:
            raise ChildError(f"{self.name} has already been started; make a new Child to start it again.")
        ours, theirs = socket.socketpair()
        with theirs, self.log.begin() as log:
            options = [str(theirs.fileno()), str(self.stop_s)]
            options += [str(self.log_path), str(self.log_limit_bytes), str(LOGS_KEPT)]
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), *options, "--", *self.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                pass_fds=(theirs.fileno(), *self.keep_fds),
                start_new_session=True,
                umask=PRIVATE,
            )
        self._guard_line = ours
        self._read_guard(START_S, until_started=True)
        if self._error is not None or self._pid is None:
            self.stop()
            raise ChildError(f"{self.name} could not be started: {self._error or self.last_lines(5)}")

    def alive(self) -> bool:
        """Return whether the child runs. After its end `exit_code` is set."""
        if self._guard_line is not None:
            self._read_guard(0.0)
        return self._guard is not None and self.exit_code is None

    def wait(self, timeout_s: float) -> int | None:
        """Wait for the child to end by itself; return its exit code (minus the number of a signal), None if it runs."""
        if self._guard_line is not None:
            self._read_guard(timeout_s)
        return self.exit_code

    def wait_line(self, predicate: Callable[[str], bool], timeout_s: float) -> str:
        """Return the first line since `start` for which `predicate` holds, without its line end.

        Raises `ChildError` with the child's last lines if it ends, or `timeout_s` pass, without such a line.
        """
        deadline = time.monotonic() + timeout_s
        rest = b""
        with self.log.follow() as log:
            while True:
                running = self.alive()  # checked before reading, so that the last lines of an ended child are read, too
                *lines, rest = (rest + log.read()).split(b"\n")
                for line in lines:
                    text = line.decode("utf-8", "replace")
                    if predicate(text):
                        return text
                if not running:
                    raise ChildError(self.describe_end())
                if time.monotonic() >= deadline:
                    raise ChildError(
                        f"{self.name} did not get ready within {timeout_s:g} s.{self._last_lines_quoted()}"
                    )
                time.sleep(POLL_S)

    def last_lines(self, count: int) -> str:
        """Return the last `count` lines printed since `start`, as one text."""
        lines = self.log.tail().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-count:] if count > 0 else [])

    def describe_end(self) -> str:
        """Return a sentence on how the child ended, its last lines, and the path of its log."""
        code = self.exit_code
        if code is None:
            return f"{self.name} is running."
        how = f"was ended by {signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
        return f"{self.name} {how}.{self._last_lines_quoted()}"

    def stop(self) -> None:
        """Stop the child: SIGTERM, after `stop_s` SIGKILL. Return once it has ended."""
        if self._guard is None or self._guard_line is None:
            return
        with contextlib.suppress(OSError):  # the guard may have ended already
            self._guard_line.shutdown(socket.SHUT_WR)  # its last line can still be read
        self._read_guard(self.stop_s + GRACE_S)
        self._end()

    def kill(self) -> None:
        """Kill the child and its processes at once (SIGKILL); return once they have ended."""
        if self._pid is not None and self.alive():
            kill_group(self._pid)
            self._read_guard(GRACE_S)
        self.stop()

    def __enter__(self) -> "Child":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read_guard(self, timeout_s: float, until_started: bool = False) -> None:
        """Read lines of the guard until the child has ended (or started) or the time is over."""
        deadline = time.monotonic() + timeout_s
        while self._guard_line is not None and self.exit_code is None:
            if until_started and self._pid is not None:
                return
            self._guard_line.settimeout(max(0.0, deadline - time.monotonic()))
            try:
                chunk = self._guard_line.recv(4096)
            except (TimeoutError, BlockingIOError):
                return
            except ConnectionError:
                chunk = b""
            if not chunk:
                self._lose_guard()
                return
            *lines, self._buffer = (self._buffer + chunk).split(b"\n")
            for line in lines:
                self._handle_line(line.decode("utf-8", "replace"))

    def _handle_line(self, line: str) -> None:
        """Handle one line of the guard."""
        word, _, rest = line.partition(" ")
        if word == "pid":
            self._pid = int(rest)
        elif word == "error":
            self._error = rest
        elif word == "exit":
            self.exit_code = int(rest)

    def _lose_guard(self) -> None:
        """Handle a guard that was killed: its child dies with it on Linux, and is killed here elsewhere."""
        if self._pid is not None and self._guard is not None and is_in_session(self._pid, self._guard.pid):
            kill_group(self._pid)
        self.exit_code = -signal.SIGKILL

    def _end(self) -> None:
        """Close the line and reap the guard, which has ended or is too late."""
        if self.exit_code is None:
            self._lose_guard()
        if self._guard_line is not None:
            self._guard_line.close()
            self._guard_line = None
        if self._guard is not None:
            try:
                self._guard.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                self._guard.kill()
                self._guard.wait()

    def _last_lines_quoted(self) -> str:
        """Return the child's last lines after a sentence that names the log."""
        lines = self.last_lines(12)
        return f" Last lines of {self.log_path}:\n{lines}" if lines else f" It printed nothing to {self.log_path}."
