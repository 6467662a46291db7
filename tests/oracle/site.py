"""The expected final state of a site, computed from the records sent, with only the schemas and rules of the pipeline.

Everything is a function of the set of records, with three exceptions, which the load must keep certain (otherwise
UncertainError is raised): which copy of a touch is stored (any that is first in its raw partition; it may not matter
beyond that row), which touches are too late for their day (touches of an identifier that are further apart come through
one partition), and which identifiers are displaced where the limit of links is reached. No touch is expected to be
`beyond_window`, since arrivals may not be further apart than the window."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.identity_messages import Claim, Unlink
from schemas.pings import Ping
from streams.rules.evaluator import Rules
from tests.chaos.load_meaning import Sent
from tests.oracle.identity import Identities, Place, identify
from tests.oracle.page_times import PageView, longest_views
from tests.oracle.profiles import Profile, Scale, profile
from tests.oracle.records import Copy, Counted, Key, Limits, Refusal, distinct, find_late, read
from tests.oracle.rollups import Rollups, roll_up
from tests.oracle.sessions import Run, Session, runs_by_day, stitch
from tests.oracle.touch import Touch, UncertainError

__all__ = ["Expected", "Limits", "Place", "Profile", "UncertainError", "expect"]


@dataclass(slots=True)
class Expected:
    """The expected state. Identifiers are keys, `tenant|namespace:value`."""

    scale: Scale
    rules_version: str
    touches: dict[Key, Counted]
    refusals: dict[tuple[str, int, int], Refusal]  # by topic, partition, offset
    identities: Identities
    by_owner: dict[str, list[Touch]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)  # of identifiers without a parent
    pieces: dict[tuple[str, int], list[Run]] = field(default_factory=dict)  # by identifier and day
    sessions: dict[str, list[Session]] = field(default_factory=dict)
    rollups: Rollups = field(default_factory=Rollups)
    page_times: dict[PageView, int] = field(default_factory=dict)


def expect(sent: Iterable[Sent], rules: Rules, settings: Limits) -> Expected:
    """Return the expected state after these records. Raises UncertainError."""
    everything = list(sent)
    commands = [one.item.meaning for one in everything if isinstance(one.item.meaning, Claim | Unlink)]
    raw = [one for one in everything if not isinstance(one.item.meaning, Claim | Unlink | Ping)]
    arrivals_ms = [one.timestamp_ms for one in raw] or [0]
    if max(arrivals_ms) - min(arrivals_ms) > settings.window_ms:
        raise UncertainError("arrivals are further apart than the window in which ids are remembered")
    results = [read(one, rules, settings) for one in raw]
    copies = [one for one in results if isinstance(one, Copy)]
    refusals = {(it.sent.topic, it.sent.partition, it.sent.offset): it for it in results if isinstance(it, Refusal)}
    touches = distinct(copies)
    by_owner: dict[str, list[Counted]] = defaultdict(list)
    for touch in touches.values():
        by_owner[touch.one.owner].append(touch)
    for owner, own in by_owner.items():
        if owner:
            find_late(own, rules.late_days)
    identities = _identify(copies, commands, settings)
    scale = Scale(max((copy.occurred_at_ms for copy in copies), default=0), rules.half_life_ms)
    expected = Expected(scale, rules.version, touches, refusals, identities)
    expected.by_owner = {owner: [touch.touch for touch in own] for owner, own in by_owner.items()}
    expected.rollups = roll_up(touches.values())
    expected.page_times = longest_views(one.item.meaning for one in everything)
    _sum_up(expected)
    return expected


def _identify(copies: Sequence[Copy], commands: Sequence[Claim | Unlink], settings: Limits) -> Identities:
    """Return the identities; repeats of a touch also claim."""
    present = {copy.owner for copy in copies if copy.owner} | {command.to for command in commands}
    claims = [command for command in commands if isinstance(command, Claim)]
    claimed = [
        *((copy.owner, f"{copy.facts.tenant}|{weaker}", copy.occurred_at_ms)
          for copy in copies for weaker in copy.facts.ids[1:]),
        *((claim.to, weaker, claim.at) for claim in claims for weaker in claim.weaker),
    ]  # fmt: skip
    unlinks = [command for command in commands if isinstance(command, Unlink)]
    return identify(present, claimed, unlinks, settings.links, settings.targets)


def _sum_up(expected: Expected) -> None:
    """Compute sessions and profiles; each identifier is part of one profile."""
    members: dict[str, list[str]] = defaultdict(list)
    for key in expected.identities.places:
        members[expected.identities.root(key)].append(key)
    for root, keys in members.items():
        expected.profiles[root] = profile([expected.by_owner.get(key, []) for key in keys], expected.scale)
        stitched: list[tuple[Run, str]] = []
        for key in keys:
            for day, runs in runs_by_day(expected.by_owner.get(key, [])).items():
                expected.pieces[key, day] = runs
                stitched += [(run, key.partition("|")[2]) for run in runs]
        if stitched:
            expected.sessions[root] = stitch(stitched)
