"""Placement of standbys: never on the owner, evenly, and where the state is warm."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.sticky_assignor import MemberClaim, StickyAssignor, deal, deal_partitions

PARTITIONS = 24
TOPIC = "activity"
ALL = list(range(PARTITIONS))
ROUNDS = st.lists(st.lists(st.sampled_from("abcde"), min_size=1, unique=True), min_size=1, max_size=6)


class Group:
    """A group over several rebalances, with owners and standbys of its partitions."""

    def __init__(self, standbys: int) -> None:
        self.standbys = standbys
        self.active: dict[str, list[int]] = {}
        self.standby: dict[str, list[int]] = {}
        self.generation = 0
        self.moved_cold: set[int] = set()

    def rebalance(self, members: list[str]) -> int:
        """Rebalance until no member waits to rejoin. Return the number of rebalances."""
        for count in range(1, PARTITIONS):
            if not self._rebalance_once(members):
                return count
        raise AssertionError("the group does not become stable")

    def _rebalance_once(self, members: list[str]) -> bool:
        self.generation += 1
        claims = {
            member: MemberClaim(
                self.generation if member in self.active else -1,
                {TOPIC: self.active.get(member, [])},
                {TOPIC: self.active.get(member, []) + self.standby.get(member, [])},
            )
            for member in members
        }
        parts = deal({TOPIC: ALL}, {member: {TOPIC} for member in members}, claims, self.standbys)
        owned = {partition for member in members for partition in self.active.get(member, [])}
        self.moved_cold = {
            partition
            for member in members
            for partition in parts[member].active.get(TOPIC, [])
            if partition in owned and partition not in claims[member].warm[TOPIC]
        }
        self.active = {member: parts[member].active.get(TOPIC, []) for member in members}
        self.standby = {member: parts[member].standby.get(TOPIC, []) for member in members}
        return any(part.rejoin_pending for part in parts.values())

    def warm(self, member: str) -> set[int]:
        return {*self.active.get(member, []), *self.standby.get(member, [])}


def check_fair(active: dict[str, list[int]]) -> None:
    shares = list(active.values())
    assert sorted(partition for share in shares for partition in share) == ALL
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@given(ROUNDS, st.integers(0, 3))
def test_standbys_are_on_other_members_and_as_many_as_possible(rounds: list[list[str]], standbys: int) -> None:
    group = Group(standbys)
    for members in rounds:
        group.rebalance(members)
        check_fair(group.active)
        copies = Counter(partition for partitions in group.standby.values() for partition in partitions)
        wanted = min(standbys, len(members) - 1)
        assert copies == Counter(dict.fromkeys(ALL, wanted) if wanted else {})
        for member in members:
            assert not set(group.active[member]) & set(group.standby[member])
            assert len(set(group.standby[member])) == len(group.standby[member])


@given(ROUNDS, st.integers(1, 2))
def test_an_unchanged_group_keeps_its_standbys(rounds: list[list[str]], standbys: int) -> None:
    group = Group(standbys)
    for members in rounds:
        group.rebalance(members)
    group.rebalance(rounds[-1])
    before = group.standby
    group.rebalance(rounds[-1])
    assert group.standby == before


@pytest.mark.parametrize("size", [2, 3, 4])
def test_partitions_of_a_lost_member_go_where_they_are_warm(size: int) -> None:
    members = list("abcde"[:size])
    group = Group(1)
    group.rebalance(members)
    loads = [len(partitions) for partitions in group.standby.values()]
    assert max(loads) - min(loads) <= 1
    lost = set(group.active["a"])
    warm = {member: group.warm(member) for member in members[1:]}
    group.rebalance(members[1:])
    for member in members[1:]:
        assert set(group.active[member]) <= warm[member], "no member got a cold partition"
    assert lost <= {partition for member in members[1:] for partition in group.active[member]}


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_new_member_gets_its_share_when_it_is_warm(size: int) -> None:
    members = list("abcde"[:size])
    group = Group(1)
    group.rebalance(members)
    for newcomer in "vw":
        members.append(newcomer)
        more_to_come = group._rebalance_once(members)
        assert more_to_come
        assert group.active[newcomer] == []
        assert group.standby[newcomer]
        assert not group.moved_cold
        assert group.rebalance(members) <= 2
        assert not group.moved_cold
        check_fair(group.active)


def test_a_returning_member_gets_the_partitions_on_its_disk() -> None:
    claims = {"old": MemberClaim(3, {TOPIC: ALL}, {TOPIC: ALL}), "back": MemberClaim(-1, {}, {TOPIC: [0, 5, 9]})}
    dealt = deal_partitions({TOPIC: ALL}, {member: {TOPIC} for member in claims}, claims)
    assert {0, 5, 9} <= set(dealt["back"][TOPIC])
    assert len(dealt["back"][TOPIC]) == len(dealt["old"][TOPIC]) == PARTITIONS // 2


class Cluster:
    """The part of aiokafka's metadata that an assignor reads."""

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return {0, 1, 2, 3} if topic in (TOPIC, "timeline") else None


def test_answers_name_the_partitions_to_keep_warm() -> None:
    members = {name: StickyAssignor(1, lambda: {TOPIC: {0, 1}}) for name in ("m0", "m1")}
    requests = {name: assignor.metadata([TOPIC, "timeline"]) for name, assignor in members.items()}
    for name, answer in members["m0"].assign(Cluster(), requests).items():
        members[name].on_assignment(answer)
        active = dict(answer.assignment)[TOPIC]
        assert members[name].standby == {TOPIC: sorted({0, 1, 2, 3} - set(active))}, "only of topics with state"


def test_without_standbys_answers_name_none() -> None:
    one = StickyAssignor(0, lambda: {TOPIC: {0}})
    one.on_assignment(one.assign(Cluster(), {"m": one.metadata([TOPIC]), "n": one.metadata([TOPIC])})["m"])
    assert one.standby == {}
