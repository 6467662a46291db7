"""Who works on which partition: each topic spread evenly, and what a worker has it keeps.

Kafka's group leader runs this over all members. Topics are dealt one by one, since their partitions weigh differently
(`activity` has state, `timeline` does not); keeping what one has spares reading state again when a worker joins or
leaves. What a member had travels in its join request, with the generation it is from: the newest claim counts. So does
what it has warm, as a standby or on its disk: of what somebody has to give, a member gets that first. The answer to
each member names the partitions it is to be a standby for (`streams.kafka.standby_replicas`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

from streams.kafka.standby_replicas import add_warm_ups, deal_standbys, find_waiting, is_even

VERSION = 0

Warm = Callable[[], Mapping[str, Collection[int]]]


class Claim(NamedTuple):
    """What a member says of itself: what it had, in which generation; and what it has warm, both by topic."""

    generation: int
    had: Mapping[str, list[int]]
    warm: Mapping[str, list[int]] = {}


class StickyAssignor(AbstractPartitionAssignor):
    """One of these belongs to one consumer: it remembers that consumer's last assignment."""

    name = "touchline-keeping"

    def __init__(self, standbys: int = 0, warm: Warm = dict) -> None:
        """`warm` tells what state is on this worker, by topic: an entry, maybe empty, for each topic with state."""
        self.generation = -1
        self.standby: dict[str, list[int]] = {}  # what this member is to keep warm, as of its last assignment
        self.rejoin_pending = False  # whether it is to join again when that is warm
        self._standbys = standbys
        self._warm = warm
        self._had: dict[str, list[int]] = {}

    def metadata(self, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:  # type: ignore[override,unused-ignore]
        """What this member tells the group's leader: the topics it reads, what it had, and what is warm."""
        warm = {topic: sorted(partitions) for topic, partitions in self._warm().items()}
        told = json.dumps({"generation": self.generation, "had": self._had, "warm": warm}).encode()
        return ConsumerProtocolMemberMetadata(VERSION, list(topics), told)

    def on_assignment(self, assignment: ConsumerProtocolMemberAssignment) -> None:  # type: ignore[override,unused-ignore]
        """Remember what this member got."""
        self._had = {topic: list(partitions) for topic, partitions in assignment.assignment}
        self.standby, self.rejoin_pending = _read_answer(assignment.user_data)

    def assign(  # type: ignore[override,unused-ignore]
        self, cluster: Any, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """The whole group's assignment, made by its leader."""
        topics = {topic for member in members.values() for topic in member.subscription}
        counts = {topic: sorted(cluster.partitions_for_topic(topic) or ()) for topic in topics}
        readers = {member: set(metadata.subscription) for member, metadata in members.items()}
        claims = {member: _read_claim(metadata.user_data) for member, metadata in members.items()}
        return {
            member: ConsumerProtocolMemberAssignment(VERSION, sorted(part.active.items()), _tell(part))
            for member, part in deal(counts, readers, claims, self._standbys).items()
        }


def _read_claim(user_data: bytes) -> Claim:
    """What a member says it had; nothing if it does not say."""
    try:
        told = json.loads(user_data)
        return Claim(int(told["generation"]), dict(told["had"]), dict(told.get("warm", {})))
    except (ValueError, KeyError, TypeError):
        return Claim(-1, {})


def _tell(part: "Part") -> bytes:
    """What a member hears besides the partitions it works on."""
    return json.dumps({"standby": part.standby, "again": part.rejoin_pending}).encode()


def _read_answer(user_data: bytes) -> tuple[dict[str, list[int]], bool]:
    """What is to be kept warm, and whether to join again once it is; nothing if the leader does not say."""
    try:
        told = json.loads(user_data)
        return {str(topic): [int(p) for p in some] for topic, some in told["standby"].items()}, bool(told["again"])
    except (ValueError, AttributeError, TypeError, KeyError):
        return {}, False


@dataclass(slots=True)
class Part:
    """A member's part, by topic: what it works on, and what it keeps warm. `again`: once that is warm, it gets more."""

    active: dict[str, list[int]]
    standby: dict[str, list[int]] = field(default_factory=dict)
    rejoin_pending: bool = False


def deal(
    counts: Mapping[str, list[int]], readers: Mapping[str, set[str]], claims: Mapping[str, Claim], standbys: int
) -> dict[str, Part]:
    """Everybody's part. With standbys, a topic with state stays uneven while it gets warm where too little is."""
    stateful = {topic for claim in claims.values() for topic in claim.warm} & counts.keys() if standbys else set()
    dealt = deal_partitions(counts, readers, claims, stateful)
    parts = {member: Part(active) for member, active in dealt.items()}
    for topic in sorted(stateful):
        active = {member: dealt[member].get(topic, []) for member in sorted(readers) if topic in readers[member]}
        warm = {member: set(claims[member].warm.get(topic, ())) for member in active}
        standby = deal_standbys(standbys, active, warm)
        add_warm_ups(active, standby)
        waiting = find_waiting(active, standby, warm)
        if not waiting and not is_even(active):  # it would stay so
            at_once = deal_partitions({topic: counts[topic]}, readers, claims)
            active = {member: at_once[member].get(topic, []) for member in active}
            standby = deal_standbys(standbys, active, warm)
        for member in active:
            parts[member].active[topic], parts[member].standby[topic] = active[member], standby[member]
            parts[member].rejoin_pending |= member in waiting
    for part in parts.values():
        part.active = {topic: partitions for topic, partitions in part.active.items() if partitions}
    return parts


def deal_partitions(
    counts: Mapping[str, list[int]],
    readers: Mapping[str, set[str]],
    claims: Mapping[str, Claim],
    patient: Collection[str] = (),
) -> dict[str, dict[str, list[int]]]:
    """Give each partition of each topic to one reader of it: member -> topic -> partitions.

    Within a topic members differ by at most one partition. Who may have the one more is whoever has the fewest of all.
    Of topics in `patient` nobody has to give what is not warm elsewhere: there members may have more.
    """
    dealt: dict[str, dict[str, list[int]]] = {member: {} for member in readers}
    load: dict[str, int] = defaultdict(int)
    for topic in sorted(counts):
        members = sorted(member for member, topics in readers.items() if topic in topics)
        for member, partitions in _deal_topic(topic, counts[topic], members, claims, load, topic in patient).items():
            if partitions:
                dealt[member][topic] = partitions
                load[member] += len(partitions)
    return dealt


def _deal_topic(
    topic: str,
    partitions: list[int],
    members: list[str],
    claims: Mapping[str, Claim],
    load: Mapping[str, int],
    patient: bool,
) -> dict[str, list[int]]:
    """Deal one topic: first what members keep, within an even share, then the rest to those who have too few.

    Whoever has too many gives what a member with too few has warm; and of the rest each gets first what it has warm.
    """
    kept = _find_kept(topic, partitions, members, claims)
    share, more = divmod(len(partitions), len(members)) if members else (0, 0)
    by_need = sorted(members, key=lambda name: (-min(len(kept[name]), share + 1), load[name], name))
    quota = {member: share + (rank < more) for rank, member in enumerate(by_need)}
    warm = {member: set(claims[member].warm.get(topic, ())) for member in members}
    wanted = set().union(*(warm[member] for member in members if len(kept[member]) < quota[member]))
    for member in members:
        stays = [p for p in kept[member] if p not in wanted] if patient else []
        kept[member] = sorted(kept[member], key=lambda p: (p in wanted, p))[: max(quota[member], len(stays))]
    rest = set(partitions).difference(*kept.values())
    for first in (warm, dict.fromkeys(members, rest)):
        for member in by_need:
            got = sorted(rest & first[member])[: max(0, quota[member] - len(kept[member]))]
            kept[member] += got
            rest -= set(got)
    return {member: sorted(some) for member, some in kept.items()}


def _find_kept(
    topic: str, partitions: list[int], members: list[str], claims: Mapping[str, Claim]
) -> dict[str, list[int]]:
    """What each member had: of two that say so of one partition, the one that says it of a newer generation."""
    owner: dict[int, str] = {}
    for member in sorted(members, key=lambda name: (claims[name].generation, name)):
        owner.update(dict.fromkeys(claims[member].had.get(topic, []), member))
    kept: dict[str, list[int]] = {member: [] for member in members}
    for partition in partitions:
        if (had := owner.get(partition)) is not None:
            kept[had].append(partition)
    return kept
