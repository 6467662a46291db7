"""Who works on which partition: each topic spread evenly, and what a worker has it keeps.

Kafka's group leader runs this over all members. Topics are dealt one by one, since their partitions weigh differently
(`activity` has state, `timeline` does not); keeping what one has spares reading state again when a worker joins or
leaves. What a member had travels in its join request, with the generation it is from: the newest claim counts. So does
what it has warm, as a standby or on its disk: of what somebody has to give, a member gets that first. The answer to
each member names the partitions it is to be a standby for (`streams.standbys`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

from streams.standbys import deal_standbys

VERSION = 0

Warm = Callable[[], Mapping[str, Collection[int]]]


class Claim(NamedTuple):
    """What a member says of itself: what it had, in which generation; and what it has warm, both by topic."""

    generation: int
    had: Mapping[str, list[int]]
    warm: Mapping[str, list[int]] = {}


class KeepingAssignor(AbstractPartitionAssignor):
    """One of these belongs to one consumer: it remembers that consumer's last assignment."""

    name = "touchline-keeping"

    def __init__(self, standbys: int = 0, warm: Warm = dict) -> None:
        """`warm` tells what state is on this worker, by topic: an entry, maybe empty, for each topic with state."""
        self.generation = -1
        self.standby: dict[str, list[int]] = {}  # what this member is to keep warm, as of its last assignment
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
        self.standby = _read_standby(assignment.user_data)

    def assign(  # type: ignore[override,unused-ignore]
        self, cluster: Any, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """The whole group's assignment, made by its leader."""
        topics = {topic for member in members.values() for topic in member.subscription}
        counts = {topic: sorted(cluster.partitions_for_topic(topic) or ()) for topic in topics}
        readers = {member: set(metadata.subscription) for member, metadata in members.items()}
        claims = {member: _read_claim(metadata.user_data) for member, metadata in members.items()}
        dealt = deal_partitions(counts, readers, claims)
        standby = self._deal_standbys(readers, claims, dealt)
        return {
            member: ConsumerProtocolMemberAssignment(
                VERSION, sorted(parts.items()), json.dumps(standby[member]).encode()
            )
            for member, parts in dealt.items()
        }

    def _deal_standbys(
        self,
        readers: Mapping[str, set[str]],
        claims: Mapping[str, Claim],
        dealt: Mapping[str, Mapping[str, list[int]]],
    ) -> dict[str, dict[str, list[int]]]:
        standby: dict[str, dict[str, list[int]]] = {member: {} for member in readers}
        if not self._standbys:
            return standby
        for topic in sorted({topic for claim in claims.values() for topic in claim.warm}):
            active = {member: dealt[member].get(topic, []) for member in sorted(readers) if topic in readers[member]}
            warm = {member: claims[member].warm.get(topic, ()) for member in active}
            for member, partitions in deal_standbys(self._standbys, active, warm).items():
                standby[member][topic] = partitions
        return standby


def _read_claim(user_data: bytes) -> Claim:
    """What a member says it had; nothing if it does not say."""
    try:
        told = json.loads(user_data)
        return Claim(int(told["generation"]), dict(told["had"]), dict(told.get("warm", {})))
    except (ValueError, KeyError, TypeError):
        return Claim(-1, {})


def _read_standby(user_data: bytes) -> dict[str, list[int]]:
    """What the leader says is to be kept warm; nothing if it does not say."""
    try:
        return {str(topic): [int(p) for p in partitions] for topic, partitions in json.loads(user_data).items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def deal_partitions(
    counts: Mapping[str, list[int]], readers: Mapping[str, set[str]], claims: Mapping[str, Claim]
) -> dict[str, dict[str, list[int]]]:
    """Give each partition of each topic to one reader of it: member -> topic -> partitions.

    Within a topic members differ by at most one partition. Who may have the one more is whoever has the fewest of all.
    """
    dealt: dict[str, dict[str, list[int]]] = {member: {} for member in readers}
    load: dict[str, int] = defaultdict(int)
    for topic in sorted(counts):
        members = sorted(member for member, topics in readers.items() if topic in topics)
        for member, partitions in _deal_topic(topic, counts[topic], members, claims, load).items():
            if partitions:
                dealt[member][topic] = partitions
                load[member] += len(partitions)
    return dealt


def _deal_topic(
    topic: str, partitions: list[int], members: list[str], claims: Mapping[str, Claim], load: Mapping[str, int]
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
        kept[member] = sorted(kept[member], key=lambda p: (p in wanted, p))[: quota[member]]
    rest = set(partitions).difference(*kept.values())
    for first in (warm, dict.fromkeys(members, rest)):
        for member in by_need:
            got = sorted(rest & first[member])[: quota[member] - len(kept[member])]
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
