"""What must be there in the end, computed from the set of what was fed: no order, no log, none of the fold's code."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum

from schemas.records import Claim, Unlink
from schemas.touch import Touch
from streams.fold.identity import Limits
from tests.streams.engage_scenarios import DAY_MS, Fed

Stamp = tuple[int, str]


@dataclass
class Profile:
    """What a profile comes to. Scores are sums of `weight * 2^(t / half_life)`, t counted from `zero_ms`."""

    touches: dict[str, int]
    bots: int
    identifiers: int
    first_seen_ms: int
    last_seen_ms: int
    pos: dict[str, float]
    neg: dict[str, float]
    first: tuple[object, ...] | None
    last: tuple[object, ...] | None
    traits: dict[str, str]


@dataclass
class Expected:
    """By key: parents with since when, profiles, runs by owner and day; and the touches that must have a row."""

    parents: dict[str, tuple[int, str] | None] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    runs: dict[tuple[str, int], list[tuple[object, ...]]] = field(default_factory=dict)
    counted: list[Touch] = field(default_factory=list)


def expect(fed: Iterable[Fed], limits: Limits, half_life_ms: int, gap_ms: int, zero_ms: int) -> Expected:
    """Everything, from everything."""
    all_fed = list(fed)
    touches = [each for each in all_fed if isinstance(each, Touch)]
    expected = Expected(_parents(all_fed, limits))
    once = {
        (_owner(each) or each.tenant, each.event_id, each.channel, each.source_at_ms // DAY_MS): each
        for each in touches
    }
    expected.counted = list(once.values())
    brought = defaultdict(list)
    for each in expected.counted:
        brought[_owner(each)].append(each)
    for owner, own in brought.items():
        for day in {each.occurred_at_ms // DAY_MS for each in own if owner and not each.bot}:
            expected.runs[owner, day] = _runs(
                [e for e in own if e.occurred_at_ms // DAY_MS == day and not e.bot], gap_ms
            )
    for root in (key for key, parent in expected.parents.items() if parent is None):
        members = [key for key in expected.parents if _root(key, expected.parents) == root]
        expected.profiles[root] = _profile([brought[key] for key in members], half_life_ms, zero_ms)
    return expected


def _owner(touch: Touch) -> str:
    return touch.ids[0] if touch.ids else ""


def _claims(fed: Iterable[Fed]) -> Iterator[tuple[str, str, int]]:
    for each in fed:
        if isinstance(each, Claim):
            yield from ((each.to, weaker, each.at) for weaker in each.weaker)
        elif isinstance(each, Touch):
            yield from ((each.ids[0], weaker, each.occurred_at_ms) for weaker in each.ids[1:])


def _parents(fed: Sequence[Fed], limits: Limits) -> dict[str, tuple[int, str] | None]:
    """Each identifier's earliest claim that nobody vetoed."""
    told: dict[str, dict[str, int]] = defaultdict(dict)
    for target, weaker, at in _claims(fed):
        told[target][weaker] = min(at, told[target].get(weaker, at))
    claims: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for target, by_weaker in told.items():
        for at, weaker in sorted((at, weaker) for weaker, at in by_weaker.items())[: limits.links]:
            claims[weaker].append((at, target))
    words: dict[tuple[str, str], tuple[int, bool]] = {}
    for each in fed:
        if isinstance(each, Unlink):
            pair = each.to, each.target
            words[pair] = max((each.at, each.on), words.get(pair, (-1, False)))
    vetoed = {pair for pair, (_, on) in words.items() if on}
    everybody = {key for target, by_weaker in told.items() for key in (target, *by_weaker)}
    everybody |= {key for each in fed if isinstance(each, Touch) for key in each.ids}
    parents: dict[str, tuple[int, str] | None] = {}
    for key in everybody:
        free = [claim for claim in claims[key] if (key, claim[1]) not in vetoed]
        nobodys = len(claims[key]) > limits.targets or (key, "*") in vetoed
        parents[key] = None if nobodys else min(free, default=None)
    return parents


def _root(key: str, parents: dict[str, tuple[int, str] | None]) -> str:
    parent = parents[key]
    return key if parent is None else _root(parent[1], parents)


def _stamp(touch: Touch) -> Stamp:
    return touch.occurred_at_ms, touch.event_id


def _runs(touches: list[Touch], gap_ms: int) -> list[tuple[object, ...]]:
    """(first, last, touches, entry id, page, source) of each run."""
    runs: list[list[Touch]] = []
    for each in sorted(touches, key=_stamp):
        if runs and each.occurred_at_ms - runs[-1][-1].occurred_at_ms <= gap_ms:
            runs[-1].append(each)
        else:
            runs.append([each])
    return [
        (
            run[0].occurred_at_ms,
            run[-1].occurred_at_ms,
            len(run),
            run[0].event_id,
            next((each.page for each in run if each.page), ""),
            next((each.source for each in run if each.source), ""),
        )
        for run in runs
    ]


def _profile(by_owner: list[list[Touch]], half_life_ms: int, zero_ms: int) -> Profile:
    everything = [each for own in by_owner for each in own]
    people = [each for each in everything if not each.bot]
    parts: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for each in (each for own in by_owner for each in _counting(own)):
        if each.weight:
            part = abs(each.weight) * 2.0 ** ((each.occurred_at_ms - zero_ms) / half_life_ms)
            parts[each.channel, each.weight > 0].append(part)
    sources = sorted(
        (each.occurred_at_ms, each.event_id, each.source, each.medium, each.campaign, each.page)
        for each in people
        if each.source
    )
    said = sorted((*_stamp(each), name, value) for each in people for name, value in each.traits.items())
    touched: dict[str, int] = defaultdict(int)
    for each in everything:
        touched[each.channel] += 1
    times = [each.occurred_at_ms for each in everything]
    return Profile(
        dict(touched),
        len(everything) - len(people),
        len(by_owner),
        min(times, default=0),
        max(times, default=0),
        {channel: fsum(found) for (channel, positive), found in parts.items() if positive},
        {channel: fsum(found) for (channel, positive), found in parts.items() if not positive},
        sources[0] if sources else None,
        sources[-1] if sources else None,
        {name: value for _, _, name, value in sorted(said, key=lambda word: (word[0], word[1], word[3]))},
    )


def _counting(own: Iterable[Touch]) -> Iterator[Touch]:
    """Of one identifier: what is not capped, and the earliest of each day under each cap."""
    lists: dict[tuple[object, ...], list[Touch]] = defaultdict(list)
    for each in own:
        if not each.bot and each.cap:
            day = each.occurred_at_ms // DAY_MS
            lists[each.channel, each.cap, each.cap_value, day].append(each)
        elif not each.bot:
            yield each
    for same in lists.values():
        yield from sorted(same, key=_stamp)[: same[0].cap]
