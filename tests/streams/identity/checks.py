"""Checks of a world at its end: events, profiles and ties equal those of the oracle."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import msgpack

from streams.identity.ties import NO_TIES, Ties, parent_of
from tests.streams.identity.adversary import World, run
from tests.streams.identity.oracle import NAMES, Touch, counted, level, oracle
from tests.streams.identity.pipeline import Machine, Node, Record, Value, owner_of, total
from tests.streams.identity.scenarios import MODES, scenario


class Failure(NamedTuple):
    seed: int
    mode: str
    reason: str


def failure_of(seed: int, mode: str, machine: Machine, stats: Counter[str]) -> Failure | None:
    """Run one scenario and return its failure; None means that it passes."""
    try:
        world = run(scenario(seed, mode), machine)
        check(world)
    except (AssertionError, KeyError) as error:
        return Failure(seed, mode, repr(error)[:400])
    stats.update(world.stats)
    return None


def failures(
    machine: Machine, seeds: Iterable[int], stats: Counter[str], modes: Sequence[str] = MODES, stop_after: int = 0
) -> list[Failure]:
    """Return the failing scenarios; the modes take turns. `stop_after` 0 means never."""
    found: list[Failure] = []
    for seed in seeds:
        failure = failure_of(seed, modes[seed % len(modes)], machine, stats)
        if failure is not None:
            found.append(failure)
            if len(found) == stop_after:
                break
    return found


def check(world: World) -> None:
    nodes = world.nodes()
    must_count = counted(world.scenario.touches)
    assert dict(world.events) == dict.fromkeys(must_count, 1), "event rows"
    roots = {key: node for key, node in nodes.items() if parent_of(_ties(node)) is None}
    assert sum(_shown(node)[0] for node in roots.values()) == len(must_count), "touches lost or twice"
    for key, node in nodes.items():
        ties = _ties(node)
        assert world.profiles[key] == (parent_of(ties), total(node.own, ties)), ("row of the store", key)
        assert len(ties.claims) <= world.limits.targets, ("claims", key)
        assert len(ties.linked) <= world.limits.links, ("linked", key)
        assert set(ties.children) <= set(ties.linked), ("children", key)
    if world.scenario.mode != "both":  # with both limits the order may decide; the checks above apply in any order
        _check_oracle(world, nodes)
    if world.scenario.mode in ("plain", "links", "evict") or not world.scenario.crashes:
        records = set(world.scenario.feed)
        assert len(world.sent) <= sum(most_caused(record, world) for record in records), "too many messages"


def _check_oracle(world: World, nodes: dict[str, Node]) -> None:
    for key, expected in oracle(world.scenario.touches, world.scenario.commands, world.limits).items():
        node = nodes.get(key, Node(own=Value(members=(key,))))  # displaced before it received a link
        assert parent_of(_ties(node)) == expected.parent, ("parent", key, expected)
        if expected.parent is None:
            assert _shown(node) == expected.shown, ("profile", key, _shown(node), expected)


def most_caused(record: Record, world: World) -> int:
    """Return the most distinct records that one record can cause, directly or indirectly."""
    owner = owner_of(record)
    if owner is None:
        return 0
    if not isinstance(record, Touch):
        return 2 * _above(owner)
    displaced = 1 + 2 * _above(NAMES[0]) if world.scenario.mode != "plain" else 0
    return _above(owner) + sum(1 + 2 * _above(weaker) + displaced for weaker in record.ids[1:])


def _above(key: str) -> int:
    return len(NAMES) - 1 - level(key)


def _ties(node: Node) -> Ties:
    return node.ties or NO_TIES


def _shown(node: Node) -> tuple[int, int, tuple[str, ...]]:
    value = msgpack.decode(total(node.own, _ties(node)), type=Value)
    return value.n, value.points, value.members
