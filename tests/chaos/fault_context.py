"""What a fault acts on, and the locks that it holds while it lasts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.chaos.environment import Environment
from tests.chaos.feeder import Feeder
from tests.chaos.workers import Slot, Workers

MOMENT_S: Final = 30.0  # the longest wait for the moment at which a fault strikes


@dataclass
class FaultContext:
    """What a fault acts on. The locks let only one fault at a time stop Kafka or the engine."""

    environment: Environment
    workers: Workers
    feeder: Feeder
    kafka_lock: threading.Lock = field(default_factory=threading.Lock)
    engine_lock: threading.Lock = field(default_factory=threading.Lock)
    joined: int = 0

    @contextmanager
    def worker(self, chance: Random, stage: str = "") -> Iterator[Slot]:
        """Lock and yield one permanent worker that runs the stage; an empty `stage` means any."""
        slots = [slot for slot in self.workers.permanent if not stage or stage in slot.stages]
        slot = chance.choice(slots)
        with slot.lock:
            yield slot

    @contextmanager
    def all_workers(self) -> Iterator[list[Slot]]:
        """Lock and yield all permanent workers."""
        with ExitStack() as stack:
            for slot in self.workers.permanent:
                stack.enter_context(slot.lock)
            yield self.workers.permanent


Fault = Callable[[FaultContext, Random], bool]
