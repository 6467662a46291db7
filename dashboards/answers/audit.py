"""Audit of the stored aggregates: recomputed from `events` by SQL, and compared.

Compared per profile: touches by channel, bots, first and last seen, number of identifiers, the score per channel and
sign, sessions, and their runs within a day. Checked over all profiles: rollups, identifiers without a row, touches
stored more than once, times of page views that cannot be. Profiles are read in slices, so that memory does not grow
with their number.

The store writes one table after another, so a profile may differ while it is being written. Profiles that differ are
therefore compared again at the end. The audit of a busy system is right about profiles that do not change meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.answers.audit_diff import TOLERANCE, compare
from dashboards.answers.audit_recount import Aggregates, read_stored, recount
from dashboards.answers.identities import hashes_of
from dashboards.answers.run_query import Client, Row, read, read_one
from dashboards.answers.scope import Scope
from schemas.channels import CHANNELS
from schemas.pings import LONGEST_ENGAGED_MS
from schemas.plural import counted
from schemas.touch import SESSION_GAP_MS

__all__ = ["TOLERANCE", "Audit", "WrongProfile", "audit"]

SLICE: Final = 1_000_000  # touches per slice, roughly
SHOWN: Final = 100  # findings of a kind that are listed; all are counted
_RECHECKED: Final = 1_000  # profiles that are compared again
_ANY_DAY: Final = [channel for channel, model in CHANNELS.items() if model.COUNTS_BY_NATURAL_ID]

_PINGS: Final = [(channel, kind) for channel, model in CHANNELS.items() for kind in sorted(model.PINGS)]

_ROLLUPS: Final = (
    "audit_minutes", "audit_hours", "audit_days", "audit_campaigns", "audit_calls", "audit_quality",
)  # fmt: skip

Progress = Callable[[str, int, int], None]
Pair = tuple[str, Aggregates, Aggregates]


@dataclass(frozen=True, slots=True)
class WrongProfile:
    """A profile whose stored aggregates differ from its touches, with a description of each difference."""

    profile: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The number of findings of a kind, and descriptions of the first ones."""

    count: int = 0
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of an audit.

    `drift` is the largest relative difference of a score. `ok` means that it is at most TOLERANCE and nothing else
    differs. `ids_under_two_identifiers` are event ids received under two identifiers of one profile, which are two
    touches by definition, and not wrong. A sample covers neither rollups nor orphans nor times of page views.
    """

    ok: bool
    drift: float
    sampled: bool
    profiles: int
    touches: int
    touches_without_identifier: int
    sessions: int
    wrong: Findings
    wrong_profiles: tuple[WrongProfile, ...]
    orphans: Findings
    repeats: Findings
    rollups: Findings
    page_times: Findings
    ids_under_two_identifiers: Findings


@dataclass(slots=True)
class _Tally:
    """The findings so far."""

    drift: float = 0.0
    profiles: int = 0
    touches: int = 0
    sessions: int = 0
    wrong: dict[str, WrongProfile] = field(default_factory=dict)
    drifts: dict[str, float] = field(default_factory=dict)  # of the wrong profiles
    ids_under_two_identifiers: Findings = Findings()
    repeats: Findings = Findings()
    orphans: Findings = Findings()


def audit(
    client: Client,
    scope: Scope,
    *,
    half_life_ms: int,
    sample: int = 0,
    slices: int = 0,
    progress: Progress = lambda what, done, total: None,
) -> Audit:
    """Audit all profiles, or `sample` of them (always the same ones).

    `slices` 0 means as many as the number of touches requires. `progress` is called with what is being compared, the
    number of steps done, and their total.
    """
    size = read_one(client, "audit_size", tenant=scope.tenant) or {"touches": 0, "touches_without_identifier": 0}
    count = 1 if sample else slices or 1 + size["touches"] // SLICE
    base = {
        "tenant": scope.tenant,
        "half_life_ms": half_life_ms,
        "gap_ms": SESSION_GAP_MS,
        "slices": count,
        "limit": SHOWN,
    }
    chosen = _chosen(client, scope.tenant, sample)
    tally, rollups, page_times = _Tally(), Findings(), Findings()
    steps = count + (not sample)
    for number in range(count):
        progress("profiles", number, steps)
        if chosen or not sample:
            _compare_slice(client, {**base, "slice": number, "profiles": chosen, "all": not sample}, tally)
    _recheck(client, base, tally)
    if not sample:
        progress("rollups", count, steps)
        rollups, page_times = _rollups(client, scope.tenant), _page_times(client, scope.tenant)
    progress("done", steps, steps)
    return _report(tally, rollups, page_times, size["touches_without_identifier"] if not sample else 0, bool(sample))


def _chosen(client: Client, tenant: str, sample: int) -> list[str]:
    """Return the profiles of a sample; an empty list means all."""
    found = read(client, "audit_sample", tenant=tenant, limit=sample) if sample else []
    return [row["profile"] for row in found]


def _compare_slice(client: Client, values: dict[str, Any], tally: _Tally) -> None:
    """Compare one slice, or a sample, and add the findings to the tally."""
    members, values = _owners(client, values)
    for name, stored, recounted in _pairs(client, values, members):
        found = compare(stored, recounted)
        tally.profiles += recounted.known
        tally.touches += sum(recounted.touches.values())
        tally.sessions += recounted.sessions[0]
        if found.differences:
            tally.wrong[name] = WrongProfile(name, tuple(found.differences))
            tally.drifts[name] = found.drift
        else:
            tally.drift = max(tally.drift, found.drift)
    tally.ids_under_two_identifiers = _add(
        tally.ids_under_two_identifiers,
        read(client, "audit_ids_under_two_identifiers", **values),
        _ids_under_two_identifiers,
    )
    tally.repeats = _add(tally.repeats, read(client, "audit_repeats", **values, any_day=_ANY_DAY), _repeat)
    if values["all"]:
        tally.orphans = _add(tally.orphans, read(client, "audit_orphans", **values), _orphan)


def _owners(client: Client, values: dict[str, Any]) -> tuple[dict[str, int], dict[str, Any]]:
    """Return the number of identifiers by profile, and the values with the identifiers' hashes unless all are read."""
    owners = read(client, "audit_owners", **values)
    members = dict(Counter(row["profile"] for row in owners))
    hashes = [] if values["all"] else hashes_of(client, [row["identifier"] for row in owners])
    return members, {**values, "folded_ids": hashes}


def _pairs(client: Client, values: dict[str, Any], members: dict[str, int]) -> Iterator[Pair]:
    """Yield (profile, stored aggregates, recomputed aggregates) of all profiles that either side has."""
    stored, recounted = read_stored(client, values), recount(client, values, members)
    missing = Aggregates(known=False)
    for name in sorted(stored.keys() | recounted.keys()):
        yield name, stored.get(name, missing), recounted.get(name, missing)


def _recheck(client: Client, base: dict[str, Any], tally: _Tally) -> None:
    """Compare the wrong profiles again: those that were being written may be right now."""
    names = sorted(tally.wrong)[:_RECHECKED]
    if not names:
        return
    members, values = _owners(client, {**base, "slices": 1, "slice": 0, "profiles": names, "all": False})
    for name in names:
        del tally.wrong[name], tally.drifts[name]
    for name, stored, recounted in _pairs(client, values, members):
        found = compare(stored, recounted)
        if found.differences:
            tally.wrong[name] = WrongProfile(name, tuple(found.differences))
        tally.drifts[name] = found.drift


def _rollups(client: Client, tenant: str) -> Findings:
    found = Findings()
    for name in _ROLLUPS:
        found = _add(found, read(client, name, tenant=tenant, limit=SHOWN), _rollup)
    return found


def _page_times(client: Client, tenant: str) -> Findings:
    values = {"longest_ms": LONGEST_ENGAGED_MS, "pings": _PINGS}
    return _add(Findings(), read(client, "audit_page_times", tenant=tenant, limit=SHOWN, **values), _page_time)


def _add(known: Findings, rows: list[Row], describe: Callable[[Row], str]) -> Findings:
    """Add the findings of another query, whose rows all have the total in `found`."""
    if not rows:
        return known
    return Findings(known.count + rows[0]["found"], (*known.first, *map(describe, rows))[:SHOWN])


def _ids_under_two_identifiers(row: Row) -> str:
    return f"{row['channel']} {row['event_id']} of {row['profile']}: under {' and '.join(row['identifiers'])}"


def _repeat(row: Row) -> str:
    return (
        f"{row['channel']} {row['event_id']} of {row['identifier'] or 'no identifier'}: {counted(row['copies'], 'row')}"
    )


def _orphan(row: Row) -> str:
    return f"{row['identifier']}: {counted(row['touches'], 'touch')}, no row in identities"


def _rollup(row: Row) -> str:
    missing = f"{row['touches']:+} touches, {row['bots']:+} bots, {row['weight']:+.6g} weight"
    missing += f", {row['other']}" if row["other"] else ""
    return f"{row['at']:%Y-%m-%d %H:%M} {row['channel']} {row['type']}: the touches have {missing}"


def _page_time(row: Row) -> str:
    view = f"view {row['page_id'] or 'without an id'} of {row['identifier'] or 'no identifier'}"
    return f"{view}: a ping is stored as a touch" if row["is_touch"] else f"{view}: {row['engaged_ms']:,} ms"


def _report(
    tally: _Tally, rollups: Findings, page_times: Findings, touches_without_identifier: int, sampled: bool
) -> Audit:
    wrong = tuple(tally.wrong[name] for name in sorted(tally.wrong))
    drift = max(tally.drift, *tally.drifts.values(), 0.0)
    clean = not (wrong or tally.orphans.count or tally.repeats.count or rollups.count or page_times.count)
    return Audit(
        ok=clean and drift <= TOLERANCE,
        drift=drift,
        sampled=sampled,
        profiles=tally.profiles,
        touches=tally.touches,
        touches_without_identifier=touches_without_identifier,
        sessions=tally.sessions,
        wrong=Findings(len(wrong), tuple(one.profile for one in wrong[:SHOWN])),
        wrong_profiles=wrong[:SHOWN],
        orphans=tally.orphans,
        repeats=tally.repeats,
        rollups=rollups,
        page_times=page_times,
        ids_under_two_identifiers=tally.ids_under_two_identifiers,
    )
