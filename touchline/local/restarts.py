"""Restarts parts that have ended: at once, or when there is room again on the disk that was too full for them."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.kafka_node import KafkaNodeError
from deploy.process import ChildError
from touchline.errors import CliError

TRIES: Final = 5  # ends of one part within `LASTING_S` that are followed by another start
LASTING_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """One process that has to run. `least_free_bytes`: with less on the disk of `folder`, a start would not help.

    `start` starts it anew and returns once it serves. It raises ChildError, KafkaNodeError or CliError.
    """

    name: str
    folder: Path
    least_free_bytes: int
    alive: Callable[[], bool]
    describe_end: Callable[[], str]
    start: Callable[[], None]

    def free_bytes(self) -> int:
        """Room on its disk."""
        return shutil.disk_usage(self.folder).free

    def lacks_room(self) -> bool:
        """Whether its disk is too full for it to work."""
        return self.free_bytes() < self.least_free_bytes


class Mender:
    """Looks after the parts, in the order in which they need each other."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._ends: dict[str, list[float]] = {}
        self._waiting: set[str] = set()

    def mend(self) -> str:
        """Restart parts that have ended, and return a line for each; '' if none has.

        A part that ended for want of room waits until there is room; there is a line when that begins and when it ends.
        Raises CliError for a part that does not keep running.
        """
        return "\n".join(line for part in self._parts if not part.alive() for line in self._revive(part))

    def _revive(self, part: Part) -> list[str]:
        why = part.describe_end()
        if part.lacks_room():
            return self._wait(part)
        waited = part.name in self._waiting
        if not waited:
            self._count(part, why)
        try:
            part.start()
        except (ChildError, KafkaNodeError, CliError) as error:
            if part.lacks_room():
                return self._wait(part)
            if isinstance(error, CliError):
                raise
            self._waiting.discard(part.name)
            raise CliError(str(error), code=1) from error
        self._waiting.discard(part.name)
        return [f"There is room again. {part.name} runs."] if waited else [why, f"{part.name} is started again."]

    def _wait(self, part: Part) -> list[str]:
        if part.name in self._waiting:
            return []
        self._waiting.add(part.name)
        free_mb, needed_mb = part.free_bytes() // 2**20, part.least_free_bytes // 2**20
        return [
            f"{part.name} has stopped: the disk of {part.folder} has {free_mb:,} MB left, and {needed_mb:,} MB are "
            f"needed. Make room; it goes on by itself, and nothing acknowledged is lost."
        ]

    def _count(self, part: Part, why: str) -> None:
        now_s = time.monotonic()
        ends = self._ends.setdefault(part.name, [])
        ends[:] = [*(at_s for at_s in ends if now_s - at_s < LASTING_S), now_s]
        if len(ends) > TRIES:
            raise CliError(f"{why} It ended {len(ends)} times within a minute.", code=1)
