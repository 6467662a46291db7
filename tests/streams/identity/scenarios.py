"""Random scenarios of a few identifiers: touches, repeats that carry more of them, commands."""

import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from schemas.identity_messages import Unlink
from streams.identity.ties import TieLimits
from tests.streams.identity.oracle import NAMES, Touch, level, ranked

MODES: Final = ("plain", "targets", "links", "both", "evict")
MANY: Final = 10**6
POOL: Final = {"a": 3, "p": 2, "e": 3, "x": 2, "m": 2}
CROWDED: Final = (("e1", "a1"), ("e1", "a2"), ("e2", "a1"), ("e1", "a1"), ("a1",))  # each e may claim one identifier


class Scenario(NamedTuple):
    seed: int
    mode: str
    limits: TieLimits
    partitions: int
    crashes: bool
    feed: Sequence[Touch | Unlink]  # in the order in which they are appended

    @property
    def touches(self) -> list[Touch]:
        return [record for record in self.feed if isinstance(record, Touch)]

    @property
    def commands(self) -> list[Unlink]:
        return [record for record in self.feed if isinstance(record, Unlink)]


def scenario(seed: int, mode: str) -> Scenario:
    r = random.Random(seed * 7 + 1)
    limits = TieLimits(
        targets=r.choice([1, 2]) if mode in ("targets", "both") else MANY,
        links=r.choice([1, 1, 2]) if mode in ("links", "both") else 1 if mode == "evict" else MANY,
    )
    spaces = r.sample("apex", r.choice([2, 3, 4, 4])) if r.random() < 0.8 else r.sample(NAMES, 4)

    def ids() -> tuple[str, ...]:
        if mode == "evict":
            return r.choice(CROWDED)
        return ranked(space + str(r.randint(1, POOL[space])) for space in spaces if r.random() < 0.5)

    latest = r.choice([4, 15, 40])
    count = r.randint(5, 10) if mode == "evict" else r.randint(2, 9)
    touches = [Touch(f"t{n}", ids(), r.randint(0, latest), r.randint(-2, 3), r.random() < 0.8) for n in range(count)]
    feed: list[Touch | Unlink] = [*touches, *_again(r, touches, ids, stronger=mode == "plain")]
    r.shuffle(feed)
    for command in _commands(r, touches):
        for _ in range(r.choice([1, 1, 2])):
            feed.insert(r.randint(0, len(feed)), command)
    return Scenario(seed, mode, limits, r.randint(1, 3), r.random() < 0.8, feed)


def _again(
    r: random.Random, touches: Sequence[Touch], ids: Callable[[], tuple[str, ...]], stronger: bool
) -> list[Touch]:
    """Return touches that their source repeats, some with more identifiers.

    `stronger` adds stronger ones, too: such a repeat is another touch by definition.
    """
    copies = []
    for touch in touches:
        if r.random() >= 0.35:
            continue
        also = touch.ids
        if touch.ids and r.random() < 0.3:
            spaces = {identifier[0] for identifier in touch.ids}
            more = [i for i in ids() if level(i) < level(touch.ids[0]) and i[0] not in spaces]
            also = ranked([*touch.ids, *more])
        elif stronger and r.random() < 0.3:
            also = ids()
        copies.append(Touch(touch.event_id, also, touch.at, touch.points, touch.counts))
    return copies


def _commands(r: random.Random, touches: Sequence[Touch]) -> list[Unlink]:
    known = sorted({identifier for touch in touches for identifier in touch.ids})
    weak = [identifier for identifier in known if level(identifier) < level("m")]
    commands = []
    for _ in range(r.choice([0, 0, 0, 1, 2, 3])):
        if weak:
            to = r.choice(weak)
            target = r.choice([*(i for i in known if level(i) > level(to)), "*"])
            commands.append(Unlink(to, target, r.randint(0, 5), r.random() < 0.7))
    return commands
