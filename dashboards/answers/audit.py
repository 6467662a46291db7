"""Is everything that the pipeline keeps what its touches say? Recomputed from `events` by SQL, and compared.

Compared per profile: touches by channel, bots, first and last seen, number of identifiers, the score per channel and
sign, sessions, and the runs they are stitched of. And over everything: rollups, identifiers without a row, touches
stored more than once. Profiles are looked at in slices, so that memory does not grow with their number.

The store writes table after table, so a profile that is just being written may look wrong for a moment: whoever looks
wrong is looked at once more at the end. An audit of a busy system is right about all that stands still meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.answers.audit_diff import TOLERANCE, compare
from dashboards.answers.audit_recount import Standing, kept, recount
from dashboards.answers.identities import hashed
from dashboards.answers.run_query import Client, Row, read, read_one
from dashboards.answers.scope import Scope
from schemas.touch import SESSION_GAP_MS

__all__ = ["TOLERANCE", "Audit", "Wrong", "audit"]

SLICE: Final = 1_000_000  # touches that are sorted at a time, roughly
SHOWN: Final = 100  # findings of a kind that are listed; all are counted
_AGAIN: Final = 1_000  # wrong profiles that are looked at once more

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A profile of which something is not what its touches say: what, in words."""

    profile: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """How many of a kind there are, and the first of them in words."""

    count: int = 0
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """`ok`: the drift (largest relative difference of a score) is at most TOLERANCE and nothing else differs.

    `told_twice` are ids that came under two identifiers of one profile: two touches, as documented, and not wrong.
    A sample says nothing of rollups and orphans.
    """

    ok: bool
    drift: float
    sampled: bool
    profiles: int
    touches: int
    nobodys: int
    sessions: int
    wrong: Findings
    wrong_profiles: tuple[Wrong, ...]
    orphans: Findings
    repeats: Findings
    rollups: Findings
    told_twice: Findings


@dataclass(slots=True)
class _Tally:
    """What has been found so far."""

    drift: float = 0.0
    profiles: int = 0
    touches: int = 0
    sessions: int = 0
    wrong: dict[str, Wrong] = field(default_factory=dict)
    drifts: dict[str, float] = field(default_factory=dict)  # of those that are wrong
    told_twice: Findings = Findings()
    repeats: Findings = Findings()
    orphans: Findings = Findings()


def audit(
    client: Client,
    scope: Scope,
    *,
    half_life_ms: int,
    sample: int = 0,
    slices: int = 0,
    gap_ms: int = SESSION_GAP_MS,
    progress: Progress = lambda what, done, of: None,
) -> Audit:
    """Of all profiles, or of `sample` of them (always the same ones). `slices` 0: as many as the touches ask for.

    `progress` hears what is looked at, and how many steps of how many are done.
    """
    size = read_one(client, "audit_size", tenant=scope.tenant) or {"touches": 0, "nobodys": 0}
    count = 1 if sample else slices or 1 + size["touches"] // SLICE
    base = {"tenant": scope.tenant, "half_life_ms": half_life_ms, "gap_ms": gap_ms, "slices": count, "limit": SHOWN}
    chosen = _chosen(client, scope.tenant, sample)
    tally, rollups = _Tally(), Findings()
    steps = count + (not sample)
    for number in range(count):
        progress("profiles", number, steps)
        if chosen or not sample:
            _look(client, {**base, "slice": number, "profiles": chosen, "all": not sample}, tally)
    _look_again(client, base, tally)
    if not sample:
        progress("rollups", count, steps)
        rollups = _rollups(client, scope.tenant)
    progress("done", steps, steps)
    return _report(tally, rollups, size["nobodys"] if not sample else 0, bool(sample))


def _chosen(client: Client, tenant: str, sample: int) -> list[str]:
    """The profiles of a sample; none stands for all."""
    found = read(client, "audit_sample", tenant=tenant, limit=sample) if sample else []
    return [row["profile"] for row in found]


def _look(client: Client, values: dict[str, Any], tally: _Tally) -> None:
    """One slice, or a sample, into the tally."""
    members, values = _owners(client, values)
    for name, kept_one, recounted in _pairs(client, values, members):
        found = compare(kept_one, recounted)
        tally.profiles += recounted.known
        tally.touches += sum(recounted.touches.values())
        tally.sessions += recounted.sessions[0]
        if found.differences:
            tally.wrong[name] = Wrong(name, tuple(found.differences))
            tally.drifts[name] = found.drift
        else:
            tally.drift = max(tally.drift, found.drift)
    tally.told_twice = _joined(tally.told_twice, read(client, "audit_told_twice", **values), _told_twice)
    tally.repeats = _joined(tally.repeats, read(client, "audit_repeats", **values), _repeat)
    if values["all"]:
        tally.orphans = _joined(tally.orphans, read(client, "audit_orphans", **values), _orphan)


def _owners(client: Client, values: dict[str, Any]) -> tuple[dict[str, int], dict[str, Any]]:
    """How many identifiers each profile of the slice has; and the values with their hashes, unless all are read."""
    owners = read(client, "audit_owners", **values)
    members = dict(Counter(row["profile"] for row in owners))
    few = [] if values["all"] else hashed(client, [row["identifier"] for row in owners]).folded_ids
    return members, {**values, "folded_ids": few}


def _pairs(client: Client, values: dict[str, Any], members: dict[str, int]) -> Iterator[tuple[str, Standing, Standing]]:
    """(profile, as kept, as its touches say) of everybody that either side knows."""
    ours, theirs = kept(client, values), recount(client, values, members)
    nobody = Standing(known=False)
    for name in sorted(ours.keys() | theirs.keys()):
        yield name, ours.get(name, nobody), theirs.get(name, nobody)


def _look_again(client: Client, base: dict[str, Any], tally: _Tally) -> None:
    """Those that were only being written are not wrong any more."""
    names = sorted(tally.wrong)[:_AGAIN]
    if not names:
        return
    members, values = _owners(client, {**base, "slices": 1, "slice": 0, "profiles": names, "all": False})
    for name in names:
        del tally.wrong[name], tally.drifts[name]
    for name, kept_one, recounted in _pairs(client, values, members):
        found = compare(kept_one, recounted)
        if found.differences:
            tally.wrong[name] = Wrong(name, tuple(found.differences))
        tally.drifts[name] = found.drift


def _rollups(client: Client, tenant: str) -> Findings:
    found = Findings()
    for name in ("audit_minutes", "audit_hours"):
        found = _joined(found, read(client, name, tenant=tenant, limit=SHOWN), _rollup)
    return found


def _joined(known: Findings, rows: list[Row], say: Callable[[Row], str]) -> Findings:
    """With what one more question found; every row says how many there are."""
    if not rows:
        return known
    return Findings(known.count + rows[0]["found"], (*known.first, *map(say, rows))[:SHOWN])


def _told_twice(row: Row) -> str:
    return f"{row['channel']} {row['event_id']} of {row['profile']}: under {' and '.join(row['identifiers'])}"


def _repeat(row: Row) -> str:
    return f"{row['channel']} {row['event_id']} of {row['identifier'] or 'nobody'}: {row['copies']} rows"


def _orphan(row: Row) -> str:
    return f"{row['identifier']}: {row['touches']} touches, no row in identities"


def _rollup(row: Row) -> str:
    missing = f"{row['touches']:+} touches, {row['bots']:+} bots, {row['weight']:+.6g} weight"
    return f"{row['at']:%Y-%m-%d %H:%M} {row['channel']} {row['type']}: the events have {missing}"


def _report(tally: _Tally, rollups: Findings, nobodys: int, sampled: bool) -> Audit:
    wrong = tuple(tally.wrong[name] for name in sorted(tally.wrong))
    drift = max(tally.drift, *tally.drifts.values(), 0.0)
    clean = not (wrong or tally.orphans.count or tally.repeats.count or rollups.count)
    return Audit(
        ok=clean and drift <= TOLERANCE,
        drift=drift,
        sampled=sampled,
        profiles=tally.profiles,
        touches=tally.touches,
        nobodys=nobodys,
        sessions=tally.sessions,
        wrong=Findings(len(wrong), tuple(one.profile for one in wrong[:SHOWN])),
        wrong_profiles=wrong[:SHOWN],
        orphans=tally.orphans,
        repeats=tally.repeats,
        rollups=rollups,
        told_twice=tally.told_twice,
    )
