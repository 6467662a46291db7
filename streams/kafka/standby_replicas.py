"""Who keeps the state of which partition warm, besides the worker that works on it.

A standby is never where its partition is worked on. It stays where the state is warm already, which is also where a
partition was worked on until now; the rest goes to whoever has least, and so that one worker's partitions are spread
over the others: when it is gone, each of them takes over what it has warm.

A member that has just joined has nothing warm. It is not given what others work on, but made a standby for it first; as
soon as that is warm it joins again, and gets its share. So a worker that is started anew makes nobody wait.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence


def deal_standbys(
    count: int, active: Mapping[str, Sequence[int]], warm: Mapping[str, Collection[int]]
) -> dict[str, list[int]]:
    """Give each partition of one topic to `count` further members, or to as many as there are: member -> partitions.

    `active`: what each member works on. `warm`: what each has warm, in the order of their worth. All members get
    shares that differ by as little as the rule "never where it is worked on" lets them.
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
    """Have members that work on too little also warm up what others have too much of, beyond their standbys."""
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
    """Members that have too few partitions of a topic, and are going to have some of those who have more warm."""
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
    """Whether members differ by one partition at most."""
    shares = [len(partitions) for partitions in active.values()]
    return max(shares, default=0) - min(shares, default=0) <= 1
