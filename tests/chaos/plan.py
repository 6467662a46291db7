"""Which faults a round has, and when: from the seed alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

LONGEST_PAUSE_S: Final = 4.0
TOGETHER: Final = 0.25  # the chance of a fault to happen at the same time as the next


@dataclass(frozen=True, slots=True)
class Step:
    """A fault, `pause_s` after the end of the one before; what it leaves open is drawn from its own `seed`."""

    kind: str
    pause_s: float
    together: bool
    seed: int


def draw_steps(seed: int, kinds: Sequence[str], count: int) -> list[Step]:
    """So many steps; each kind comes once before any comes twice."""
    random = Random(f"steps/{seed}")
    deck: list[str] = []
    while len(deck) < count:
        deck += random.sample(list(kinds), len(kinds))
    return [
        Step(kind, random.uniform(0.3, LONGEST_PAUSE_S), random.random() < TOGETHER, random.randrange(2**32))
        for kind in deck[:count]
    ]


def draw_topology(seed: int, names: Sequence[str]) -> str:
    """One of the forms of deployment."""
    return Random(f"topology/{seed}").choice(list(names))


def draw_static(seed: int) -> list[bool]:
    """Which workers come back under their own name, in turn."""
    random = Random(f"static/{seed}")
    return [random.random() < 0.5 for _ in range(6)]


def draw_standbys(seed: int) -> int:
    """How many workers keep a partition's state warm besides the one that has it."""
    return Random(f"standbys/{seed}").randrange(2)


def draw_state(seed: int) -> str:
    """Where the workers have their state."""
    return Random(f"state/{seed}").choice(("memory", "memory", "rocksdb"))
