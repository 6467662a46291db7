"""What a fault has to do with, and what it takes for itself while it lasts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.chaos.crew import Crew, Slot
from tests.chaos.feeder import Feeder
from tests.chaos.ground import Ground

MOMENT_S: Final = 30.0  # how long to wait for a moment that something has to bring


@dataclass
class Scene:
    """What a fault has to do with. Kafka and the engine are ended by one fault at a time."""

    ground: Ground
    crew: Crew
    feeder: Feeder
    kafka_lock: threading.Lock = field(default_factory=threading.Lock)
    engine_lock: threading.Lock = field(default_factory=threading.Lock)
    joined: int = 0

    @contextmanager
    def worker(self, chance: Random, stage: str = "") -> Iterator[Slot]:
        """One of the workers that lasts, with that stage, left alone by everybody else."""
        slots = [slot for slot in self.crew.lasting if not stage or stage in slot.stages]
        slot = chance.choice(slots)
        with slot.lock:
            yield slot

    @contextmanager
    def all_workers(self) -> Iterator[list[Slot]]:
        """All of them that last."""
        with ExitStack() as stack:
            for slot in self.crew.lasting:
                stack.enter_context(slot.lock)
            yield self.crew.lasting


Fault = Callable[[Scene, Random], bool]
