"""Dealing partitions: each to one worker, evenly, and kept where it can be."""

from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.sticky_assignor import MemberClaim, StickyAssignor, deal_partitions

COUNTS = {"activity": list(range(16)), "timeline": list(range(4)), "visits": list(range(3))}
NAMES = st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True)


Dealt = dict[str, dict[str, list[int]]]


def deal(members: list[str], before: Dealt, generation: int = 1) -> Dealt:
    claims = {member: MemberClaim(generation if member in before else -1, before.get(member, {})) for member in members}
    return deal_partitions(COUNTS, {member: set(COUNTS) for member in members}, claims)


def check_fair(dealt: Dealt) -> None:
    for topic, partitions in COUNTS.items():
        shares = [parts.get(topic, []) for parts in dealt.values()]
        assert sorted(partition for share in shares for partition in share) == partitions
        assert max(map(len, shares)) - min(map(len, shares)) <= 1


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_each_partition_has_one_worker_through_any_comings_and_goings(rounds: list[list[str]]) -> None:
    dealt: Dealt = {}
    for generation, members in enumerate(rounds):
        dealt = deal(members, dealt, generation)
        check_fair(dealt)
        assert deal(members, dealt, generation + 1) == dealt, "the same members keep what they have"


def test_a_newcomer_takes_no_more_than_its_share() -> None:
    one = deal(["a"], {})
    two = deal(["a", "b"], one)
    assert [len(two[member]["activity"]) for member in "ab"] == [8, 8]
    assert set(two["a"]["activity"]) <= set(one["a"]["activity"])
    back = deal(["b"], two)
    assert set(two["b"]["activity"]) <= set(back["b"]["activity"])


def test_the_newer_claim_counts() -> None:
    claims = {"old": MemberClaim(3, {"activity": [0, 1]}), "new": MemberClaim(7, {"activity": [0, 1]})}
    dealt = deal_partitions({"activity": [0, 1, 2, 3]}, {member: {"activity"} for member in claims}, claims)
    assert dealt == {"old": {"activity": [2, 3]}, "new": {"activity": [0, 1]}}


def test_only_readers_of_a_topic_get_it_and_some_get_nothing() -> None:
    readers = {"a": {"timeline"}, "b": {"timeline", "visits"}, "c": {"unknown"}}
    claims: dict[str, MemberClaim] = {member: MemberClaim(-1, {}) for member in readers}
    dealt = deal_partitions({"timeline": [0], "visits": [0, 1], "unknown": []}, readers, claims)
    assert sum(len(parts.get("timeline", [])) for parts in dealt.values()) == 1
    assert dealt["b"]["visits"] == [0, 1]
    assert dealt["c"] == {}


class Cluster:
    """What an assignor asks of aiokafka's metadata."""

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return {0, 1, 2} if topic == "activity" else None


def test_what_a_member_had_travels_in_its_request() -> None:
    one, two = StickyAssignor(), StickyAssignor()
    alone = one.assign(Cluster(), {"m1": one.metadata(["activity"])})
    one.on_assignment(alone["m1"])
    one.generation = 1
    both = two.assign(Cluster(), {"m1": one.metadata(["activity"]), "m0": two.metadata(["activity", "missing"])})
    assert both["m1"].assignment == [("activity", [0, 1])]
    assert both["m0"].assignment == [("activity", [2])]


def test_a_member_that_reads_a_topic_of_which_the_answer_does_not_know_rejoins_once() -> None:
    former, restarted = StickyAssignor(), StickyAssignor()
    stored = former.assign(Cluster(), {"m": former.metadata(["activity"])})["m"]
    former.on_assignment(stored)
    assert not former.lacks_topics
    restarted.metadata(["activity", "visits"])
    restarted.on_assignment(stored)  # Kafka kept it
    assert restarted.lacks_topics
    restarted.on_assignment(stored)
    assert not restarted.lacks_topics, "it has rejoined for this topic"


def test_a_member_that_gets_nothing_of_a_topic_that_was_dealt_does_not_rejoin() -> None:
    assignors = {name: StickyAssignor() for name in "abcd"}
    answers = assignors["a"].assign(Cluster(), {name: one.metadata(["activity"]) for name, one in assignors.items()})
    assert [] in [answer.assignment for answer in answers.values()], "there are more members than partitions"
    for name, assignor in assignors.items():
        assignor.on_assignment(answers[name])
        assert not assignor.lacks_topics


def test_a_member_rejoins_once_if_the_leader_is_of_a_former_version() -> None:
    one = StickyAssignor()
    one.metadata(["activity", "visits"])
    answer = ConsumerProtocolMemberAssignment(0, [("activity", [0])], b'{"standby": {}, "again": false}')
    one.on_assignment(answer)
    assert one.lacks_topics
    one.on_assignment(answer)
    assert not one.lacks_topics
