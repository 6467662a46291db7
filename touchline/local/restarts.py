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
RETRY_S: Final = 10.0  # between attempts to start an optional part


@dataclass(frozen=True, slots=True)
class Part:
    """A process that has to run. With less than `least_free_bytes` on the disk of `folder`, a restart would not help.

    `restart` returns once the process serves. It raises ChildError, KafkaNodeError or CliError. The others do without a
    part that is `optional`: while it cannot start, it is tried again from time to time.
    """

    name: str
    folder: Path
    least_free_bytes: int
    alive: Callable[[], bool]
    describe_end: Callable[[], str]
    restart: Callable[[], None]
    optional: bool = False

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
        self._retry_at_s: dict[str, float] = {}  # of optional parts that cannot start

    def restart_ended(self) -> str:
        """Restart parts that have ended, and return a line for each; '' if none has.

        A part whose disk is full waits until there is space, with a line when that begins and one when it ends; so does
        an optional part that does not keep running. Raises CliError for any other that does not.
        """
        return "\n".join(line for part in self._parts if not part.alive() for line in self._restart(part))

    def _restart(self, part: Part) -> list[str]:
        why = part.describe_end()
        if part.lacks_space():
            return self._wait(part)
        if part.optional:
            return self._try(part, why)
        waited = part.name in self._waiting
        if not waited and (often := self._count(part)):
            advice = "so Touchline stops. Correct the cause and start it again."
            raise CliError(f"{often}, {advice} {why}", code=1)
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

    def _try(self, part: Part, why: str) -> list[str]:
        """Restart an optional part; if it cannot run, again every `RETRY_S`."""
        now_s = time.monotonic()
        rests = part.name in self._retry_at_s
        if rests and now_s < self._retry_at_s[part.name]:
            return []
        problem = "" if rests else self._count(part)
        if not problem:
            try:
                part.restart()
            except ChildError as error:
                problem = str(error)
        if problem:
            self._retry_at_s[part.name] = now_s + RETRY_S
            return [] if rests else [problem, f"All else runs on. {part.name} is tried again every {RETRY_S:.0f} s."]
        self._waiting.discard(part.name)
        if self._retry_at_s.pop(part.name, None) is None:
            return [why, f"{part.name} was restarted."]
        self._ends.pop(part.name, None)
        return [f"{part.name} runs again."]

    def _wait(self, part: Part) -> list[str]:
        if part.name in self._waiting:
            return []
        self._waiting.add(part.name)
        free_mb, needed_mb = part.free_bytes() // 2**20, part.least_free_bytes // 2**20
        return [
            f"{part.name} has stopped: the disk of {part.folder} has {free_mb:,} MB left, and {needed_mb:,} MB are "
            f"needed. Free some space; it resumes by itself, and nothing acknowledged is lost."
        ]

    def _count(self, part: Part) -> str:
        """Count an end of a part; return that it ends too often, or ''."""
        now_s = time.monotonic()
        ends = self._ends.setdefault(part.name, [])
        ends[:] = [*(at_s for at_s in ends if now_s - at_s < WINDOW_S), now_s]
        return f"{part.name} ended {len(ends)} times within a minute" if len(ends) > MAX_RESTARTS else ""
