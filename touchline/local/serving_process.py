"""A part of a local system that serves HTTP, as a child process: ready when its `/ready` answers 200."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deploy.ports import LOOPBACK
from deploy.process import Child, ChildError
from streams.fail_fast import CONFIG_CODE, STOP_LIMIT_S
from touchline.errors import CliError
from touchline.settings import PREFIX, Settings

READY_S: Final = 60.0
EXIT_S: Final = 5.0  # beyond its own limit to stop, at which a worker logs why it exits
_POLL_S: Final = 0.05


class ServingProcess:
    """One such part. `lock_fd` is the data folder's lock, which the child keeps open."""

    def __init__(
        self, name: str, argv: Sequence[str], log_path: Path, settings: Settings, ready_port: int, lock_fd: int
    ) -> None:
        self._name = name
        self._argv = argv
        self._log_path = log_path
        self._settings = settings
        self._ready_port = ready_port
        self._lock_fd = lock_fd
        self.child = self._new_child()

    def start(self) -> None:
        """Return once the process is ready. Raises ChildError."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start the process. `wait_ready` is to be called next; another part may be launched before."""
        self.child.start()

    def wait_ready(self) -> None:
        """Return once the process is ready. Raises ChildError."""
        self._wait_until(is_ready, "is not ready")

    def stop(self) -> None:
        """Stop the process in order."""
        self.child.stop()

    def restart(self) -> None:
        """Start another process. Raises ChildError, and CliError if it would end in the same way.

        Returns once it answers, ready or not: it may need a part that has ended meanwhile, and that the supervisor
        restarts only after this returns.
        """
        if self.child.exit_code == CONFIG_CODE:
            raise CliError(self.child.describe_end(), code=CONFIG_CODE)
        self.retry()

    def retry(self) -> None:
        """Start another process, even if the last one refused its settings: a file may be correct now.

        Raises ChildError. Returns once it answers, as `restart` does.
        """
        self.child.stop()
        self.child = self._new_child()
        self.launch()
        self._wait_until(answers, "does not answer")

    def _wait_until(self, serves: Callable[[int], bool], trouble: str) -> None:
        deadline_s = time.monotonic() + READY_S
        while not serves(self._ready_port):
            if not self.child.alive():
                raise ChildError(self.child.describe_end())
            if time.monotonic() > deadline_s:
                raise ChildError(
                    f"{self._name.capitalize()} {trouble} after {READY_S:.0f} s; see {self.child.log_path}."
                )
            time.sleep(_POLL_S)

    def _new_child(self) -> Child:
        return Child(
            self._name,
            self._argv,
            self._log_path,
            env={**os.environ, **environment_of(self._settings)},
            stop_s=STOP_LIMIT_S + EXIT_S,
            keep_fds=[self._lock_fd],
        )


def is_ready(port: int) -> bool:
    """Return whether /ready at a port answers 200."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def answers(port: int) -> bool:
    """Return whether /ready at a port answers, whatever its status."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def environment_of(settings: Settings) -> dict[str, str]:
    """Return settings as environment variables of a child."""
    given = settings.model_dump(mode="json", exclude_none=True)
    return {
        f"{PREFIX}{name.upper()}": ",".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }
