"""Placement of standbys: the workers that keep the state of a partition warm besides its owner.

A standby is never on the owner of its partition. It stays where the state is warm already, which includes former
owners. The rest goes to the members with the fewest standbys, and so that the partitions of one worker are spread over
the others: when it ends, each of them takes over the partitions that it has warm.

A member that has just joined has no warm state. It does not get the partitions of others at once, but becomes their
standby first; as soon as they are warm, it rejoins and gets its share. So a new worker interrupts no processing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence


def deal_standbys(
    count: int, active: Mapping[str, Sequence[int]], warm: Mapping[str, Collection[int]]
) -> dict[str, list[int]]:
    """Give each partition of one topic to `count` further members, or to all others: member -> partitions.

    `active` are the partitions that each member owns, `warm` those whose state it has. The numbers of standbys of
    members differ as little as the rule "never on the owner" permits.
    """
    owner = {partition: member for member, partitions in active.items() for partition in partitions}
    copies = min(count, len(active) - 1)
    dealt: dict[str, set[int]] = {member: set() for member in active}
    if copies <= 0:
        return {member: [] for member in active}
    share = -(-len(owner) * copies // len(active))
    between: Counter[tuple[str, str]] = Counter()  # partitions of one member that are warm at another
    lacking: dict[int, int] = defaultdict(lambda: copies)

    def give(partition: int, member: str) -> None:
        dealt[member].add(partition)
        between[owner[partition], member] += 1
        lacking[partition] -= 1

    for partition in sorted(owner):
        for member in sorted(active, key=lambda name: (len(dealt[name]), name)):
            keeps = partition in warm.get(member, ()) and member != owner[partition]
            if keeps and lacking[partition] and len(dealt[member]) < share:
                give(partition, member)
    for partition in sorted(owner):
        while lacking[partition]:
            others = [name for name in active if name != owner[partition] and partition not in dealt[name]]
            give(partition, min(others, key=lambda name: (between[owner[partition], name], len(dealt[name]), name)))
    return {member: sorted(partitions) for member, partitions in dealt.items()}


def add_warm_ups(active: Mapping[str, Sequence[int]], standby: Mapping[str, list[int]]) -> None:
    """Add standbys to members that own too few partitions, for those of which other members own too many."""
    share = sum(map(len, active.values())) // max(1, len(active))
    owner = {partition: member for member, partitions in active.items() for partition in partitions}
    spare = {member: len(partitions) - share for member, partitions in active.items()}
    for member in sorted(active, key=lambda name: (len(active[name]), name)):
        lacks = -spare[member]
        here = set(standby[member])
        for partition in sorted(owner, key=lambda p: (-len(active[owner[p]]), p not in here, p)):
            if lacks > 0 and spare[owner[partition]] > 0:
                spare[owner[partition]] -= 1
                lacks -= 1
                here.add(partition)
        standby[member][:] = sorted(here)


def find_waiting(
    active: Mapping[str, Sequence[int]], standby: Mapping[str, Sequence[int]], warm: Mapping[str, Collection[int]]
) -> set[str]:
    """Return the members that own too few partitions of a topic and have yet to warm up some of another member."""
    owner = {partition: member for member, partitions in active.items() for partition in partitions}
    return {
        member
        for member, partitions in standby.items()
        if any(
            partition not in warm.get(member, ()) and len(active[owner[partition]]) > len(active[member]) + 1
            for partition in partitions
        )
    }


def is_even(active: Mapping[str, Sequence[int]]) -> bool:
    """Return whether members differ by one partition at most."""
    shares = [len(partitions) for partitions in active.values()]
    return max(shares, default=0) - min(shares, default=0) <= 1
