"""Assignment of partitions to workers: each topic is spread evenly, and a worker keeps the partitions that it has.

Kafka's group leader runs this for all members. Topics are dealt one by one, because their partitions differ in cost
(`activity` has state, `timeline` does not). Keeping partitions avoids recovery when a worker joins or leaves. The join
request of a member has a claim: the partitions that it owned, with the generation, of which the newest counts; and
those whose state it has warm, as a standby or on its disk, which it gets first when another member has to give some
up. The answer to each member includes the partitions for which it is a standby (`streams.kafka.standby_replicas`).

A broker gives a restarted member with an instance id its former assignment, without a rebalance, even if it now reads
another topic (KIP-345). The answer therefore names the topics that were dealt, and a member that misses one rejoins.
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


class MemberClaim(NamedTuple):
    """A member's claim: the partitions that it owned in a generation, and those it has warm, both by topic."""

    generation: int
    had: Mapping[str, list[int]]
    warm: Mapping[str, list[int]] = {}


class StickyAssignor(AbstractPartitionAssignor):
    """The assignor of one consumer, which remembers that consumer's last assignment."""

    name = "touchline-keeping"

    def __init__(self, standbys: int = 0, warm: Warm = dict) -> None:
        """`warm` returns the partitions whose state is on this worker: one entry per topic with state."""
        self.generation = -1
        self.standby: dict[str, list[int]] = {}  # partitions to keep warm, by topic
        self.rejoin_pending = False  # whether to rejoin when they are warm
        self.lacks_topics = False  # whether to rejoin at once, because the assignment is older than the subscription
        self._subscribed: set[str] = set()
        self._lacked: set[str] = set()  # topics for which this member has already rejoined
        self._standbys = standbys
        self._warm = warm
        self._had: dict[str, list[int]] = {}

    def metadata(self, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:  # type: ignore[override,unused-ignore]
        """Return the topics that this member reads, and its claim, for the leader of the group."""
        self._subscribed = set(topics)
        warm = {topic: sorted(partitions) for topic, partitions in self._warm().items()}
        claim = json.dumps({"generation": self.generation, "had": self._had, "warm": warm}).encode()
        return ConsumerProtocolMemberMetadata(VERSION, list(topics), claim)

    def on_assignment(self, assignment: ConsumerProtocolMemberAssignment) -> None:  # type: ignore[override,unused-ignore]
        """Remember this member's assignment."""
        self._had = {topic: list(partitions) for topic, partitions in assignment.assignment}
        answer = _read_answer(assignment.user_data)
        self.standby, self.rejoin_pending = answer.standby, answer.rejoin_pending
        lacking = self._subscribed - (self._had.keys() if answer.topics is None else answer.topics)
        self.lacks_topics = not lacking <= self._lacked  # once a topic: a leader of a former version names none
        self._lacked |= lacking

    def assign(  # type: ignore[override,unused-ignore]
        self, cluster: Any, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Return the assignment of the whole group; its leader calls this."""
        topics = {topic for member in members.values() for topic in member.subscription}
        counts = {topic: sorted(cluster.partitions_for_topic(topic) or ()) for topic in topics}
        readers = {member: set(metadata.subscription) for member, metadata in members.items()}
        claims = {member: _read_claim(metadata.user_data) for member, metadata in members.items()}
        dealt = sorted(topic for topic, partitions in counts.items() if partitions)
        return {
            member: ConsumerProtocolMemberAssignment(VERSION, sorted(part.active.items()), _encode_answer(part, dealt))
            for member, part in deal(counts, readers, claims, self._standbys).items()
        }


def _read_claim(user_data: bytes) -> MemberClaim:
    """Return a member's claim, an empty one if it cannot be read."""
    try:
        claim = json.loads(user_data)
        return MemberClaim(int(claim["generation"]), dict(claim["had"]), dict(claim.get("warm", {})))
    except (ValueError, KeyError, TypeError):
        return MemberClaim(-1, {})


def _encode_answer(part: "MemberAssignment", dealt: list[str]) -> bytes:
    """Return what a member learns besides the partitions that it owns. `dealt` are the topics of all members."""
    return json.dumps({"standby": part.standby, "again": part.rejoin_pending, "topics": dealt}).encode()


class Answer(NamedTuple):
    """`standby`: the partitions to keep warm, by topic. `topics` None means that the leader did not name them."""

    standby: dict[str, list[int]]
    rejoin_pending: bool  # whether to rejoin when they are warm
    topics: set[str] | None


def _read_answer(user_data: bytes) -> Answer:
    """Return the leader's answer, an empty one if it cannot be read."""
    try:
        answer = json.loads(user_data)
        standby = {str(topic): [int(p) for p in some] for topic, some in answer["standby"].items()}
        topics = {str(topic) for topic in answer["topics"]} if "topics" in answer else None
        return Answer(standby, bool(answer["again"]), topics)
    except (ValueError, AttributeError, TypeError, KeyError):
        return Answer({}, False, None)


@dataclass(slots=True)
class MemberAssignment:
    """A member's partitions by topic: those it owns, and those it keeps warm in order to get more after rejoining."""

    active: dict[str, list[int]]
    standby: dict[str, list[int]] = field(default_factory=dict)
    rejoin_pending: bool = False


def deal(
    counts: Mapping[str, list[int]], readers: Mapping[str, set[str]], claims: Mapping[str, MemberClaim], standbys: int
) -> dict[str, MemberAssignment]:
    """Return each member's part. With standbys, a topic with state stays uneven until new members are warm."""
    stateful = {topic for claim in claims.values() for topic in claim.warm} & counts.keys() if standbys else set()
    dealt = deal_partitions(counts, readers, claims, stateful)
    parts = {member: MemberAssignment(active) for member, active in dealt.items()}
    for topic in sorted(stateful):
        active = {member: dealt[member].get(topic, []) for member in sorted(readers) if topic in readers[member]}
        warm = {member: set(claims[member].warm.get(topic, ())) for member in active}
        standby = deal_standbys(standbys, active, warm)
        add_warm_ups(active, standby)
        waiting = find_waiting(active, standby, warm)
        if not waiting and not is_even(active):  # it would stay uneven
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
    claims: Mapping[str, MemberClaim],
    patient: Collection[str] = (),
) -> dict[str, dict[str, list[int]]]:
    """Give each partition of each topic to one reader of it: member -> topic -> partitions.

    Within a topic members differ by at most one partition, and the members with the fewest of all topics get the one
    more. Of topics in `patient` no member gives up partitions that are warm nowhere else, so a member may have more.
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
    claims: Mapping[str, MemberClaim],
    load: Mapping[str, int],
    patient: bool,
) -> dict[str, list[int]]:
    """Deal one topic: members keep partitions within an even share, and the rest goes to those with too few.

    A member with too many gives up partitions that are warm on a member with too few. Of the rest, each member first
    gets those that it has warm.
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
    topic: str, partitions: list[int], members: list[str], claims: Mapping[str, MemberClaim]
) -> dict[str, list[int]]:
    """Return the partitions that each member owned. Of two claims to one partition the newer generation counts."""
    owner: dict[int, str] = {}
    for member in sorted(members, key=lambda name: (claims[name].generation, name)):
        owner.update(dict.fromkeys(claims[member].had.get(topic, []), member))
    kept: dict[str, list[int]] = {member: [] for member in members}
    for partition in partitions:
        if (had := owner.get(partition)) is not None:
            kept[had].append(partition)
    return kept
