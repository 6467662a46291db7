"""Who works on which partition: each topic spread evenly, and what a worker has it keeps.

Kafka's group leader runs this over all members. Topics are dealt one by one, since their partitions weigh differently
(`activity` has state, `timeline` does not); keeping what one has spares reading state again when a worker joins or
leaves. What a member had travels in its join request, with the generation it is from: the newest claim counts.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

VERSION = 0


class KeepingAssignor(AbstractPartitionAssignor):
    """One of these belongs to one consumer: it remembers that consumer's last assignment."""

    name = "touchline-keeping"

    def __init__(self) -> None:
        self.generation = -1
        self._had: dict[str, list[int]] = {}

    def metadata(self, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:  # type: ignore[override,unused-ignore]
        """What this member tells the group's leader: the topics it reads and what it had."""
        had = json.dumps({"generation": self.generation, "had": self._had}).encode()
        return ConsumerProtocolMemberMetadata(VERSION, list(topics), had)

    def on_assignment(self, assignment: ConsumerProtocolMemberAssignment) -> None:  # type: ignore[override,unused-ignore]
        """Remember what this member got."""
        self._had = {topic: list(partitions) for topic, partitions in assignment.assignment}

    def assign(  # type: ignore[override,unused-ignore]
        self, cluster: Any, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """The whole group's assignment, made by its leader."""
        topics = {topic for member in members.values() for topic in member.subscription}
        counts = {topic: sorted(cluster.partitions_for_topic(topic) or ()) for topic in topics}
        readers = {member: set(metadata.subscription) for member, metadata in members.items()}
        claims = {member: _read_claim(metadata.user_data) for member, metadata in members.items()}
        dealt = deal_partitions(counts, readers, claims)
        packed = {member: sorted(parts.items()) for member, parts in dealt.items()}
        return {member: ConsumerProtocolMemberAssignment(VERSION, parts, b"") for member, parts in packed.items()}


Claim = tuple[int, dict[str, list[int]]]


def _read_claim(user_data: bytes) -> Claim:
    """What a member says it had; nothing if it does not say."""
    try:
        told = json.loads(user_data)
        return int(told["generation"]), dict(told["had"])
    except (ValueError, KeyError, TypeError):
        return -1, {}


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
    """Deal one topic: first what members keep, within an even share, then the rest to those who have too few."""
    owner: dict[int, str] = {}
    for member in sorted(members, key=lambda name: (claims[name][0], name)):
        owner.update(dict.fromkeys(claims[member][1].get(topic, []), member))  # a newer generation overwrites
    kept: dict[str, list[int]] = {member: [] for member in members}
    share, more = divmod(len(partitions), len(members)) if members else (0, 0)
    for partition in partitions:
        member = owner.get(partition, "")
        if member in kept:
            kept[member].append(partition)
    by_need = sorted(members, key=lambda name: (-min(len(kept[name]), share + 1), load[name], name))
    quota = {member: share + (rank < more) for rank, member in enumerate(by_need)}
    for member in members:
        kept[member] = kept[member][: quota[member]]
    taken = {partition for parts in kept.values() for partition in parts}
    rest = iter([partition for partition in partitions if partition not in taken])
    for member in by_need:
        missing = quota[member] - len(kept[member])
        kept[member] = sorted([*kept[member], *(partition for _, partition in zip(range(missing), rest, strict=False))])
    return kept
