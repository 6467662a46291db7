"""Restarts of parts that have ended: at once, or when a disk that was too full for them has space again."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.kafka_node import KafkaNodeError
from deploy.process import ChildError
from touchline.errors import CliError

MAX_RESTARTS: Final = 5  # of one part within `WINDOW_S`
WINDOW_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """A process that has to run. With less than `least_free_bytes` on the disk of `folder`, a restart would not help.

    `restart` returns once the process serves. It raises ChildError, KafkaNodeError or CliError.
    """

    name: str
    folder: Path
    least_free_bytes: int
    alive: Callable[[], bool]
    describe_end: Callable[[], str]
    restart: Callable[[], None]

    def free_bytes(self) -> int:
        """Return the free space of its disk."""
        return shutil.disk_usage(self.folder).free

    def lacks_space(self) -> bool:
        """Return whether its disk is too full for it to run."""
        return self.free_bytes() < self.least_free_bytes


class Supervisor:
    """Restarts parts, given in the order in which they need each other."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._ends: dict[str, list[float]] = {}
        self._waiting: set[str] = set()

    def restart_ended(self) -> str:
        """Restart parts that have ended, and return a line for each; '' if none has.

        A part whose disk is full waits until there is space, with a line when that begins and one when it ends. Raises
        CliError for a part that does not keep running.
        """
        return "\n".join(line for part in self._parts if not part.alive() for line in self._restart(part))

    def _restart(self, part: Part) -> list[str]:
        why = part.describe_end()
        if part.lacks_space():
            return self._wait(part)
        waited = part.name in self._waiting
        if not waited:
            self._count(part, why)
        try:
            part.restart()
        except (ChildError, KafkaNodeError, CliError) as error:
            if part.lacks_space():
                return self._wait(part)
            if isinstance(error, CliError):
                raise
            self._waiting.discard(part.name)
            raise CliError(str(error), code=1) from error
        self._waiting.discard(part.name)
        return [f"There is disk space again. {part.name} runs."] if waited else [why, f"{part.name} was restarted."]

    def _wait(self, part: Part) -> list[str]:
        if part.name in self._waiting:
            return []
        self._waiting.add(part.name)
        free_mb, needed_mb = part.free_bytes() // 2**20, part.least_free_bytes // 2**20
        return [
            f"{part.name} has stopped: the disk of {part.folder} has {free_mb:,} MB left, and {needed_mb:,} MB are "
            f"needed. Free some space; it resumes by itself, and nothing acknowledged is lost."
        ]

    def _count(self, part: Part, why: str) -> None:
        now_s = time.monotonic()
        ends = self._ends.setdefault(part.name, [])
        ends[:] = [*(at_s for at_s in ends if now_s - at_s < WINDOW_S), now_s]
        if len(ends) > MAX_RESTARTS:
            raise CliError(
                f"{part.name} ended {len(ends)} times within a minute, so Touchline stops. Correct the cause and start "
                f"it again. {why}",
                code=1,
            )
