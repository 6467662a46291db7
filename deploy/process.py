"""Child processes that stop in order when told and are never left behind.

Each child runs under a guard (`guard.py`) in a session of its own: Ctrl-C in the terminal reaches only us, and when we
end, be it by `kill -9`, the guard stops the child. What the child prints goes by the guard to its log file, which is
rotated while the child runs; `wait_line` and `last_lines` read it there. Files that the child makes are readable by its
owner alone (umask 077).
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
START_S = 30.0  # for the guard to say that the command runs
GRACE_S = 5.0  # what the guard gets on top of the child's own stopping time
POLL_S = 0.02
LOG_LIMIT_BYTES = 8 * 1024 * 1024
LOGS_KEPT = 3  # older ones, `.1` the newest
PRIVATE = 0o077  # umask


class ChildError(RuntimeError):
    """A child could not be started, ended unexpectedly or did not say what was waited for; the message tells."""


class Child:
    """One supervised process: `argv` as it is executed, `log_path` for both its output streams (appended to).

    `env` replaces the whole environment if given, `cwd` is its working folder, `stop_s` how long it may take to stop
    before it is killed. `keep_fds` stay open for as long as the child is being looked after (a folder's lock).
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
        self._line: socket.socket | None = None
        self._heard = b""

    @property
    def pid(self) -> int:
        """Process id of the child itself, not of its guard. Raises `ChildError` before `start`."""
        if self._pid is None:
            raise ChildError(f"{self.name} has not been started.")
        return self._pid

    @property
    def guard_pid(self) -> int:
        """Process id of the guard. Raises `ChildError` before `start`."""
        if self._guard is None:
            raise ChildError(f"{self.name} has not been started.")
        return self._guard.pid

    def start(self) -> None:
        """Run the command; returns once it runs. Raises `ChildError` if it does not, or is running already."""
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
        self._line = ours
        self._listen(START_S, until_started=True)
        if self._error is not None or self._pid is None:
            self.stop()
            raise ChildError(f"{self.name} could not be started: {self._error or self.last_lines(5)}")

    def alive(self) -> bool:
        """Whether the child runs. When it does not, `exit_code` says how it ended."""
        if self._line is not None:
            self._listen(0.0)
        return self._guard is not None and self.exit_code is None

    def wait(self, timeout_s: float) -> int | None:
        """Wait for the child to end by itself; its exit code (negative: minus the signal), None if it still runs."""
        if self._line is not None:
            self._listen(timeout_s)
        return self.exit_code

    def wait_line(self, predicate: Callable[[str], bool], timeout_s: float) -> str:
        """First line the child printed since `start` for which `predicate` holds, without its line end.

        Raises `ChildError` with the child's last lines if it ends, or `timeout_s` pass, without such a line.
        """
        deadline = time.monotonic() + timeout_s
        rest = b""
        with self.log.follow() as log:
            while True:
                running = self.alive()  # asked before reading, so that the last words of a dead child are read, too
                *lines, rest = (rest + log.read()).split(b"\n")
                for line in lines:
                    text = line.decode("utf-8", "replace")
                    if predicate(text):
                        return text
                if not running:
                    raise ChildError(self.describe_end())
                if time.monotonic() >= deadline:
                    raise ChildError(f"{self.name} did not get ready within {timeout_s:g} s.{self._quote()}")
                time.sleep(POLL_S)

    def last_lines(self, count: int) -> str:
        """The last `count` lines the child printed since `start`, as one text."""
        lines = self.log.tail().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-count:] if count > 0 else [])

    def describe_end(self) -> str:
        """How the child ended, with its last lines and where the rest is, for a person."""
        code = self.exit_code
        if code is None:
            return f"{self.name} is running."
        how = f"was ended by {signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
        return f"{self.name} {how}.{self._quote()}"

    def stop(self) -> None:
        """Stop in order: SIGTERM, `stop_s` seconds, SIGKILL. Returns when the child is gone; no error if it was."""
        if self._guard is None or self._line is None:
            return
        with contextlib.suppress(OSError):  # the guard may be gone already
            self._line.shutdown(socket.SHUT_WR)  # it reads the end of the line; we still read its last word
        self._listen(self.stop_s + GRACE_S)
        self._end()

    def kill(self) -> None:
        """Kill at once (SIGKILL) the child and what it started; returns when it is gone."""
        if self._pid is not None and self.alive():
            kill_group(self._pid)
            self._listen(GRACE_S)
        self.stop()

    def __enter__(self) -> "Child":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self, timeout_s: float, until_started: bool = False) -> None:
        """Take in what the guard says, until the child has ended (or has started) or the time is over."""
        deadline = time.monotonic() + timeout_s
        while self._line is not None and self.exit_code is None:
            if until_started and self._pid is not None:
                return
            self._line.settimeout(max(0.0, deadline - time.monotonic()))
            try:
                chunk = self._line.recv(4096)
            except (TimeoutError, BlockingIOError):
                return
            except ConnectionError:
                chunk = b""
            if not chunk:
                self._lose_guard()
                return
            *lines, self._heard = (self._heard + chunk).split(b"\n")
            for line in lines:
                self._take(line.decode("utf-8", "replace"))

    def _take(self, line: str) -> None:
        """One line of the guard."""
        word, _, rest = line.partition(" ")
        if word == "pid":
            self._pid = int(rest)
        elif word == "error":
            self._error = rest
        elif word == "exit":
            self.exit_code = int(rest)

    def _lose_guard(self) -> None:
        """The guard ended without a last word: somebody killed it. The child dies with it on Linux, by us elsewhere."""
        if self._pid is not None and self._guard is not None and is_in_session(self._pid, self._guard.pid):
            kill_group(self._pid)
        self.exit_code = -signal.SIGKILL

    def _end(self) -> None:
        """Put away guard and line; the guard has ended or is hopelessly late."""
        if self.exit_code is None:
            self._lose_guard()
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._guard is not None:
            try:
                self._guard.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                self._guard.kill()
                self._guard.wait()

    def _quote(self) -> str:
        """The child's last lines, led in by where they are from."""
        lines = self.last_lines(12)
        return f" Last lines of {self.log_path}:\n{lines}" if lines else f" It printed nothing to {self.log_path}."
