"""What must be there in the end, computed from what was sent: plain Python, of the pipeline schemas and rules alone.

Everything here is a function of the set of records, with three exceptions, which the load keeps certain (otherwise
UncertainError is raised): which of a touch's copies is stored (any that came first of its raw partition; it may not
matter beyond that row), what comes too late for its day (an identifier further apart than that comes through one
partition), and who is put out where places are full. Nothing is expected to be `beyond_window`: arrivals may not be
further apart than that."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.identity_messages import Claim, Unlink
from streams.rules.evaluator import Rules
from tests.chaos.load_meaning import Sent
from tests.oracle.identity import Identities, Place, identify
from tests.oracle.profiles import Profile, Scale, profile
from tests.oracle.records import Copy, Counted, Key, Means, Refusal, distinct, find_late, read
from tests.oracle.sessions import Run, Session, runs_by_day, stitch
from tests.oracle.touch import Touch, UncertainError

__all__ = ["Expected", "Means", "Place", "Profile", "Rollup", "UncertainError", "expect"]

_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000


@dataclass(slots=True)
class Rollup:
    """A row of a rollup."""

    touches: int = 0
    bots: int = 0
    weight: float = 0.0

    def add(self, touch: Counted) -> None:
        self.touches += 1
        self.bots += touch.one.facts.bot
        self.weight += touch.weight


@dataclass(slots=True)
class Expected:
    """The whole truth about some records. Identifiers are keys, `tenant|namespace:value`."""

    scale: Scale
    rules_version: str
    touches: dict[Key, Counted]
    refusals: dict[tuple[str, int, int], Refusal]  # by topic, partition, offset
    identities: Identities
    by_owner: dict[str, list[Touch]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)  # of those without a parent
    pieces: dict[tuple[str, int], list[Run]] = field(default_factory=dict)  # by identifier and day
    sessions: dict[str, list[Session]] = field(default_factory=dict)
    minutes: dict[tuple[object, ...], Rollup] = field(default_factory=lambda: defaultdict(Rollup))
    hours: dict[tuple[object, ...], Rollup] = field(default_factory=lambda: defaultdict(Rollup))


def expect(sent: Iterable[Sent], rules: Rules, settings: Means) -> Expected:
    """Everything, from everything. Raises UncertainError."""
    everything = list(sent)
    commands = [one.item.meaning for one in everything if isinstance(one.item.meaning, Claim | Unlink)]
    raw = [one for one in everything if not isinstance(one.item.meaning, Claim | Unlink)]
    arrivals_ms = [one.timestamp_ms for one in raw] or [0]
    if max(arrivals_ms) - min(arrivals_ms) > settings.window_ms:
        raise UncertainError("arrivals are further apart than ids are remembered")
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
    _roll_up(expected)
    _sum_up(expected)
    return expected


def _identify(copies: Sequence[Copy], commands: Sequence[Claim | Unlink], settings: Means) -> Identities:
    """Repeats of a touch claim, too."""
    present = {copy.owner for copy in copies if copy.owner} | {command.to for command in commands}
    claims = [command for command in commands if isinstance(command, Claim)]
    claimed = [
        *((copy.owner, f"{copy.facts.tenant}|{weaker}", copy.occurred_at_ms)
          for copy in copies for weaker in copy.facts.ids[1:]),
        *((claim.to, weaker, claim.at) for claim in claims for weaker in claim.weaker),
    ]  # fmt: skip
    unlinks = [command for command in commands if isinstance(command, Unlink)]
    return identify(present, claimed, unlinks, settings.links, settings.targets)


def _roll_up(expected: Expected) -> None:
    for touch in expected.touches.values():
        facts, at_ms = touch.one.facts, touch.one.occurred_at_ms
        columns = facts.columns
        where = [columns.get(name, "") for name in ("lead_source", "referrer_class", "device", "country")]
        said = facts.channel, columns["type"]
        expected.minutes[facts.tenant, at_ms // _MINUTE_MS * _MINUTE_MS, *said].add(touch)
        expected.hours[facts.tenant, at_ms // _HOUR_MS * _HOUR_MS, *said, *where].add(touch)


def _sum_up(expected: Expected) -> None:
    """Sessions and profiles: each identifier is part of one profile."""
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
