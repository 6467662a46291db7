"""Rows against what they must be, table by table."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import isclose
from typing import Final

from schemas.columns import EVENTS
from tests.chaos.compare_tables import Row
from tests.chaos.compare_verdict import Verdict
from tests.chaos.oracle import Expected, Rollup
from tests.chaos.oracle_profiles import NO_RANK, Profile
from tests.chaos.oracle_touches import DAY_MS, Key, event_row

TOLERANCE: Final = 1e-9  # of a score: the same sum in another order
_EVENT_COLUMNS: Final = [one.name for one in EVENTS if not one.name.startswith("activity_")]
_SUMS: Final = ("touches", "bots", "weight")


class Rank(float):
    """A rank: a logarithm, of which what it stands for is compared."""


def error(wanted: float, found: float) -> float:
    """By how much, relatively, the score behind one rank differs from that behind another."""
    if NO_RANK in (wanted, found):
        return 0.0 if wanted == found else 1.0
    return float(abs(2.0 ** min(found - wanted, 60.0) - 1.0))


def same(wanted: object, found: object) -> bool:
    """Equal; floats up to rounding, a tuple like a list."""
    if isinstance(wanted, Rank) and isinstance(found, float):
        return error(wanted, found) <= TOLERANCE
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(same(value, found[name]) for name, value in wanted.items())
    if isinstance(wanted, float) and isinstance(found, int | float):
        return isclose(wanted, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(wanted, list | tuple) and isinstance(found, list | tuple):
        return len(wanted) == len(found) and all(map(same, wanted, found))
    return wanted == found


def differing(wanted: Mapping[str, object], found: Row) -> str:
    """The columns that are not as they must be; '' if all are."""
    wrong = [name for name in wanted if name not in found or not same(wanted[name], found[name])]
    return ", ".join(f"{name} is {found.get(name)!r}, not {wanted[name]!r}" for name in wrong)


def key_of(row: Row, column: str = "identifier") -> str:
    """The key of an identifier that a row is about."""
    return f"{row['tenant']}|{row[column]}"


class Events:
    """Judges rows of `events`, some at a time; `finish` says what is missing."""

    def __init__(self, expected: Expected, verdict: Verdict) -> None:
        self._expected, self._verdict = expected, verdict
        self._seen: Counter[Key] = Counter()

    def judge(self, rows: Iterable[Row]) -> None:
        for row in rows:
            key = row["tenant"], row["folded_into"], row["channel"], row["event_id"], row["source_at"] // DAY_MS
            touch = self._expected.touches.get(key)
            self._seen[key] += 1
            if touch is None:
                self._verdict.note("double", f"{key} is in events, and nobody sent it")
                continue
            if self._seen[key] > 1:
                self._verdict.note("double", f"{key} is in events {self._seen[key]} times")
            place = row["raw_topic"], row["raw_partition"], row["raw_offset"]
            copy = next((one for one in touch.copies if _place(one.sent) == place), None)
            if copy is None:
                self._verdict.note("wrong_events", f"{key}: no copy that may count lies at {place}")
                continue
            wanted = event_row(touch, copy, self._expected.rules_version)
            wrong = differing({name: wanted[name] for name in _EVENT_COLUMNS}, row)
            if wrong:
                self._verdict.note("wrong_events", f"{key}: {wrong}")

    def finish(self) -> None:
        for key in self._expected.touches.keys() - self._seen.keys():
            self._verdict.note("lost", f"{key} is not in events")


def _place(sent: object) -> tuple[object, ...]:
    return tuple(getattr(sent, name) for name in ("topic", "partition", "offset"))


def judge_quarantine(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Every refused record, once, as it came."""
    found = {(row["raw_topic"], row["raw_partition"], row["raw_offset"]): row for row in rows}
    for place, refusal in expected.refusals.items():
        row = found.pop(place, None)
        if row is None:
            verdict.note("lost", f"{place} is not in the quarantine ({refusal.reason})")
            continue
        wrong = differing(
            {
                "reason": refusal.reason,
                "received_at": refusal.sent.timestamp_ms,
                "original": refusal.sent.item.raw.value.hex().upper(),
            },
            row,
        )
        if refusal.word not in row["detail"]:
            wrong += f" detail {row['detail'][:80]!r} says nothing of {refusal.word!r}"
        if wrong:
            verdict.note("wrong_quarantine", f"{place}: {wrong[:400]}")
    for place, row in found.items():
        verdict.note("wrong_quarantine", f"{place} should not be there: {row['reason']} {row['detail'][:200]}")


def judge_identities(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Everybody's parent, with since when and why."""

    def wanted(key: str) -> dict[str, object]:
        place = expected.identities.places[key]
        return {
            "parent": _name(place.parent),
            "since": place.since_ms,
            "why": place.why,
            "conflicts": [_name(one) for one in place.conflicts],
        }

    _judge_keys(expected, rows, wanted, "wrong_identities", "identities", verdict)


def judge_members(expected: Expected, members: Iterable[Row], children: Iterable[Row], verdict: Verdict) -> None:
    """Which profile everybody is part of, and the same seen from the parents."""

    def wanted(key: str) -> dict[str, object]:
        return {"profile": _name(expected.identities.root(key)), "depth": expected.identities.depth(key)}

    _judge_keys(expected, members, wanted, "wrong_identities", "identity_profiles", verdict)
    listed = {(key_of(row), row["parent"]) for row in children}
    for key, place in expected.identities.places.items():
        if place.parent is not None and (key, _name(place.parent)) not in listed:
            verdict.note("wrong_identities", f"{key} is not among the children of {place.parent}")


def judge_profiles(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Everything of a profile; of an identifier that is part of one, whose it is."""
    everything = list(rows)
    for row in everything:
        profile = expected.profiles.get(key_of(row))
        if profile is not None:
            verdict.drift = max(verdict.drift, drift(profile, row, expected))

    def wanted(key: str) -> dict[str, object]:
        parent = expected.identities.places[key].parent
        return {"parent": _name(parent)} | ({} if parent else profile_columns(expected, expected.profiles[key]))

    _judge_keys(expected, everything, wanted, "wrong_profiles", "profiles", verdict)


def judge_history(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """The newest hour of every profile."""

    def wanted(key: str) -> dict[str, object]:
        told = profile_columns(expected, expected.profiles[key])
        return {name: told[name] for name in ("touches", "rank_pos", "rank_neg")}

    _judge_keys(expected, rows, wanted, "wrong_profiles", "score_history", verdict, expected.profiles.keys())


def profile_columns(expected: Expected, profile: Profile) -> dict[str, object]:
    """A profile's columns, but for the parent."""
    scale = expected.scale
    touches = sum(profile.touches.values())
    ranks: dict[str, object] = {}
    for side, scores in (("pos", profile.pos), ("neg", profile.neg)):
        ranks[f"rank_{side}"] = Rank(scale.rank(sum(scores.values())))
        ranks[f"rank_{side}_by"] = {channel: Rank(scale.rank(score)) for channel, score in scores.items()}
    sources = {
        f"{end}_{name}": value
        for end, source in (("first", profile.first), ("last", profile.last))
        for name, value in zip(("source", "medium", "campaign", "page"), source, strict=True)
    }
    return {
        "touches": touches, "bots": profile.bots, "identifiers": profile.identifiers,
        "first_seen": profile.first_seen_ms, "last_seen": profile.last_seen_ms, "touches_by": profile.touches,
        **ranks, **sources, "traits": profile.traits, "country": profile.country, "device": profile.device,
        "rules_version": expected.rules_version if touches else "",
    }  # fmt: skip


def drift(profile: Profile, row: Row, expected: Expected) -> float:
    """The largest such difference of a profile."""
    sides = (("rank_pos", profile.pos), ("rank_neg", profile.neg))
    return max(error(expected.scale.rank(sum(scores.values())), row[name]) for name, scores in sides)


def judge_pieces(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Every identifier's runs of every day."""
    names = ("firsts", "entry_ids", "lasts", "touches", "landing_pages", "sources")
    found = {(key_of(row, "folded_into"), row["day"]): row for row in rows}
    for place, runs in expected.pieces.items():
        row = found.pop(place, None)
        columns = dict(zip(names, map(list, zip(*runs, strict=True)), strict=True))
        wrong = "not there" if row is None else differing(columns, row)
        if wrong:
            verdict.note("wrong_sessions", f"session_pieces {place}: {wrong}")
    for place in found:
        verdict.note("wrong_sessions", f"session_pieces {place} should not be there")


def judge_sessions(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Every profile's sessions."""
    found = Counter(
        (
            key_of(row, "profile"), row["started_at"], row["ended_at"], row["duration_s"], row["touches"],
            row["landing_page"], row["source"], tuple(row["identifiers"]),
        )
        for row in rows
    )  # fmt: skip
    wanted = Counter(
        (root, one.started_ms, one.ended_ms, (one.ended_ms - one.started_ms) / 1000, *one[2:])
        for root, sessions in expected.sessions.items()
        for one in sessions
    )
    for missing in (wanted - found).elements():
        verdict.note("wrong_sessions", f"{missing} is not in sessions")
    for extra in (found - wanted).elements():
        verdict.note("wrong_sessions", f"{extra} should not be in sessions")


def judge_rollup(wanted: Mapping[tuple[object, ...], Rollup], rows: Iterable[Row], name: str, verdict: Verdict) -> None:
    """Every row of a rollup; its key is all but the sums."""
    found = {tuple(value for column, value in row.items() if column not in _SUMS): row for row in rows}
    for key, rollup in wanted.items():
        row = found.pop(key, None)
        sums = {column: getattr(rollup, column) for column in _SUMS}
        wrong = "not there" if row is None else differing(sums, row)
        if wrong:
            verdict.note("wrong_rollups", f"{name} {key}: {wrong}")
    for key in found:
        verdict.note("wrong_rollups", f"{name} {key} should not be there")


def _judge_keys(
    expected: Expected, rows: Iterable[Row], wanted: Callable[[str], Mapping[str, object]], kind: str, table: str,
    verdict: Verdict, keys: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """A table with one row for each identifier (or for each of `keys`)."""
    missing = set(expected.identities.places if keys is None else keys)
    everybody, seen = frozenset(missing), set[str]()
    for row in rows:
        key = key_of(row)
        if key not in everybody or key in seen:
            verdict.note(kind, f"{table} {key}: {'twice' if key in seen else 'should not be there'}")
            continue
        seen.add(key)
        wrong = differing(wanted(key), row)
        if wrong:
            verdict.note(kind, f"{table} {key}: {wrong}")
    for key in missing - seen - expected.identities.maybe:
        verdict.note(kind, f"{table} {key}: not there")


def _name(key: str | None) -> str:
    """namespace:value of a key; '' for none."""
    return key.partition("|")[2] if key else ""
