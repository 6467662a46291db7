"""Comparison of the rows of profiles, sessions and rollups with the expected ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from tests.chaos.compare_rows import Rank, check_keys, differing, error, key_of, name_of
from tests.chaos.compare_tables import Row
from tests.chaos.compare_verdict import Verdict
from tests.oracle.profiles import Profile
from tests.oracle.rollups import Key, Sums, lowest
from tests.oracle.site import Expected

_MARKS: Final = ("newest", "people", "identified")
_SOURCE = ("source", "medium", "campaign", "page")
_NO_SOURCE = ("", "", "", "")


def check_profiles(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Check every column of a profile, and the parent of an identifier that is part of one."""
    everything = list(rows)
    for row in everything:
        profile = expected.profiles.get(key_of(row))
        if profile is not None:
            verdict.drift = max(verdict.drift, drift(profile, row, expected))

    def wanted(key: str) -> dict[str, object]:
        parent = expected.identities.places[key].parent
        return {"parent": name_of(parent)} | ({} if parent else profile_columns(expected, expected.profiles[key]))

    check_keys(expected, everything, wanted, "wrong_profiles", "profiles", verdict)


def profile_columns(expected: Expected, profile: Profile) -> dict[str, object]:
    """Return the expected columns of a profile, without the parent."""
    scale = expected.scale
    touches = sum(profile.touches.values())
    ranks: dict[str, object] = {}
    for side, scores in (("pos", profile.pos), ("neg", profile.neg)):
        ranks[f"rank_{side}"] = Rank(scale.rank(sum(scores.values())))
        ranks[f"rank_{side}_by"] = {channel: Rank(scale.rank(score)) for channel, score in scores.items()}
    sources = {
        f"{end}_{name}": value
        for end, source in (("first", profile.first), ("last", profile.last))
        for name, value in zip(
            ("source", "medium", "campaign", "page"), source[2:] if source else [""] * 4, strict=True
        )
    }
    return {
        "touches": touches, "bots": profile.bots, "identifiers": profile.identifiers,
        "first_seen": profile.first_seen_ms, "last_seen": profile.last_seen_ms, "touches_by": profile.touches,
        **ranks, **sources, "traits": profile.named_traits, "country": profile.country, "device": profile.device,
        "rules_version": expected.rules_version if touches else "",
    }  # fmt: skip


def drift(profile: Profile, row: Row, expected: Expected) -> float:
    """Return the largest relative difference of a score of a profile."""
    sides = (("rank_pos", profile.pos), ("rank_neg", profile.neg))
    return max(error(expected.scale.rank(sum(scores.values())), row[name]) for name, scores in sides)


def check_pieces(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Check the runs of every identifier and day."""
    names = ("firsts", "entry_ids", "lasts", "touches", "landing_pages", "sources")
    found = {(key_of(row, "folded_into"), row["day"]): row for row in rows}
    for place, runs in expected.pieces.items():
        row = found.pop(place, None)
        columns = dict(zip(names, map(list, zip(*runs, strict=True)), strict=True))
        wrong = "not there" if row is None else differing(columns, row)
        if wrong:
            verdict.note("wrong_sessions", f"session_pieces {place}: {wrong}")
    for place, row in found.items():
        if row["firsts"]:  # a day is empty if a revision was found to be a bot's
            verdict.note("wrong_sessions", f"session_pieces {place} is unexpected")


def check_sessions(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Check the sessions of every profile."""
    found = Counter(
        (
            key_of(row, "profile"), row["started_at"], row["ended_at"], row["duration_s"], row["touches"],
            row["landing_page"], row["source"], tuple(row["identifiers"]),
        )
        for row in rows
    )  # fmt: skip
    wanted = Counter(
        (root, one.started_ms, one.ended_ms, (one.ended_ms - one.started_ms) / 1000, *one[2:6])
        for root, sessions in expected.sessions.items()
        for one in sessions
    )
    for missing in (wanted - found).elements():
        verdict.note("wrong_sessions", f"{missing} is not in sessions")
    for extra in (found - wanted).elements():
        verdict.note("wrong_sessions", f"{extra} is unexpected in sessions")


def check_rollup(wanted: Mapping[Key, Sums], rows: Iterable[Row], name: str, empty: Sums, verdict: Verdict) -> None:
    """Check every row of a rollup; its key is every column but those of `empty`, a row of zeros."""
    zeros = empty.columns()
    found = {tuple(value for column, value in row.items() if column not in zeros): row for row in rows}
    for key, rollup in wanted.items():
        row = found.pop(key, None)
        if row is None and not any(lowest(rollup).values()):
            continue
        wrong = "not there" if row is None else differing(rollup.columns(), row)
        if wrong:
            verdict.note("wrong_rollups", f"{name} {key}: {wrong}")
    for key, row in found.items():
        # a former revision leaves a row of zeros, apart from sets and the time of its arrival
        if wrong := differing({column: 0.0 for column in zeros if column not in _MARKS}, row):
            verdict.note("wrong_rollups", f"{name} {key} is unexpected: {wrong}")
