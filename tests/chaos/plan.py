"""The faults of a round and their times, drawn from the seed alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

LONGEST_PAUSE_S: Final = 4.0
TOGETHER: Final = 0.25  # the probability that a fault overlaps with the next


@dataclass(frozen=True, slots=True)
class Step:
    """A fault, `pause_s` after the end of the previous one; its own choices are drawn from `seed`."""

    kind: str
    pause_s: float
    together: bool
    seed: int


def draw_steps(seed: int, kinds: Sequence[str], count: int) -> list[Step]:
    """Return `count` steps; every kind occurs once before any occurs twice."""
    random = Random(f"steps/{seed}")
    deck: list[str] = []
    while len(deck) < count:
        deck += random.sample(list(kinds), len(kinds))
    return [
        Step(kind, random.uniform(0.3, LONGEST_PAUSE_S), random.random() < TOGETHER, random.randrange(2**32))
        for kind in deck[:count]
    ]


def draw_topology(seed: int, names: Sequence[str]) -> str:
    """Return one of the topologies."""
    return Random(f"topology/{seed}").choice(list(names))


def draw_static(seed: int) -> list[bool]:
    """Return, by worker, whether it is a static member of its consumer group."""
    random = Random(f"static/{seed}")
    return [random.random() < 0.5 for _ in range(6)]


def draw_standbys(seed: int) -> int:
    """Return the number of standby replicas of each partition's state."""
    return Random(f"standbys/{seed}").randrange(2)


def draw_state(seed: int) -> str:
    """Return the state backend of the workers."""
    return Random(f"state/{seed}").choice(("memory", "memory", "rocksdb"))
