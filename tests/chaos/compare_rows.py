"""Comparison of the rows of events, quarantine and identities with the expected ones; the rules of comparison."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import isclose
from typing import Final

from schemas.columns import EVENTS
from tests.chaos.compare_tables import Row
from tests.chaos.compare_verdict import Verdict
from tests.oracle.profiles import NO_RANK
from tests.oracle.records import Copy, Key, event_row
from tests.oracle.rollups import Between, Quality, quality_of
from tests.oracle.rollups import Key as RollupKey
from tests.oracle.site import Expected
from tests.oracle.touch import day_of_id

TOLERANCE: Final = 1e-9  # relative, of a score: the same sum in another order
# `change` depends on which revision of a touch arrived first.
_EVENT_COLUMNS: Final = [one.name for one in EVENTS if not one.name.startswith("activity_") and one.name != "change"]


class Rank(float):
    """A rank: the logarithm of a score. The scores are compared, not the logarithms."""


def error(wanted: float, found: float) -> float:
    """Return the relative difference of the scores behind two ranks."""
    if NO_RANK in (wanted, found):
        return 0.0 if wanted == found else 1.0
    return float(abs(2.0 ** min(found - wanted, 60.0) - 1.0))


def same(wanted: object, found: object) -> bool:
    """Return whether two values are equal; floats up to rounding, a tuple like a list."""
    if isinstance(wanted, Between) and isinstance(found, int):
        return wanted.low <= found <= wanted.high
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
    """Describe the columns that differ; '' means that all are equal."""
    nothing = object()
    unequal = [
        name for name, value in wanted.items() if found.get(name, nothing) != value
    ]  # few, since `same` is slower
    wrong = [name for name in unequal if name not in found or not same(wanted[name], found[name])]
    return ", ".join(f"{name} is {found.get(name)!r}, not {wanted[name]!r}" for name in wrong)


def key_of(row: Row, column: str = "identifier") -> str:
    """Return the key of the identifier of a row."""
    return f"{row['tenant']}|{row[column]}"


class Events:
    """Check of the rows of `events`, in slices; `finish` notes the missing ones."""

    def __init__(self, expected: Expected, verdict: Verdict) -> None:
        self._expected, self._verdict = expected, verdict
        self._seen: Counter[Key] = Counter()
        self._stored: dict[Key, Copy] = {}

    def check(self, rows: Iterable[Row]) -> None:
        for row in rows:
            day = day_of_id(row["channel"], row["source_at"])
            key = row["tenant"], row["folded_into"], row["channel"], row["event_id"], day
            touch = self._expected.touches.get(key)
            self._seen[key] += 1
            if touch is None:
                self._verdict.note("double", f"{key} is in events, but was not sent")
                continue
            if self._seen[key] > 1:
                self._verdict.note("double", f"{key} is in events {self._seen[key]} times")
            place = row["raw_topic"], row["raw_partition"], row["raw_offset"]
            copy = next((one for one in touch.copies if _place(one.sent) == place), None)
            if copy is None:
                self._verdict.note("wrong_events", f"{key}: there is no countable copy at {place}")
                continue
            self._stored[key] = copy
            wanted = event_row(touch, copy, self._expected.rules_version)
            wrong = differing({name: wanted[name] for name in _EVENT_COLUMNS}, row)
            if wrong:
                self._verdict.note("wrong_events", f"{key}: {wrong}")

    def finish(self) -> None:
        for key in self._expected.touches.keys() - self._seen.keys():
            self._verdict.note("lost", f"{key} is not in events")

    def quality(self) -> dict[RollupKey, Quality]:
        """Return the expected rows of `quality_by_hour`, which depends on the stored copies."""
        touches = self._expected.touches
        return quality_of((touch, self._stored.get(key, touch.one)) for key, touch in touches.items())


def _place(sent: object) -> tuple[object, ...]:
    return tuple(getattr(sent, name) for name in ("topic", "partition", "offset"))


def check_quarantine(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Check that every refused record is in the quarantine once, with its original bytes."""
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
            wrong += f" detail {row['detail'][:80]!r} does not mention {refusal.word!r}"
        if wrong:
            verdict.note("wrong_quarantine", f"{place}: {wrong[:400]}")
    for place, row in found.items():
        verdict.note("wrong_quarantine", f"{place} is unexpected: {row['reason']} {row['detail'][:200]}")


def check_page_times(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Check the largest time of every page view that has pings."""
    found = {(row["tenant"], row["folded_into"], row["page_id"]): row["engaged_ms"] for row in rows}
    for view in expected.page_times.keys() | found.keys():
        if (wanted := expected.page_times.get(view)) != (stored := found.get(view)):
            verdict.note("wrong_page_times", f"{view}: {stored} ms are stored, and {wanted} ms were sent")


def check_identities(expected: Expected, rows: Iterable[Row], verdict: Verdict) -> None:
    """Check every identifier's parent, its reason and its time."""

    def wanted(key: str) -> dict[str, object]:
        place = expected.identities.places[key]
        return {
            "parent": name_of(place.parent),
            "since": place.since_ms,
            "why": place.why,
            "conflicts": [name_of(one) for one in place.conflicts],
        }

    check_keys(expected, rows, wanted, "wrong_identities", "identities", verdict)


def check_members(expected: Expected, members: Iterable[Row], children: Iterable[Row], verdict: Verdict) -> None:
    """Check every identifier's profile, and the lists of children."""

    def wanted(key: str) -> dict[str, object]:
        return {"profile": name_of(expected.identities.root(key)), "depth": expected.identities.depth(key)}

    check_keys(expected, members, wanted, "wrong_identities", "identity_profiles", verdict)
    listed = {(key_of(row), row["parent"]) for row in children}
    for key, place in expected.identities.places.items():
        if place.parent is not None and (key, name_of(place.parent)) not in listed:
            verdict.note("wrong_identities", f"{key} is not among the children of {place.parent}")


def check_keys(
    expected: Expected, rows: Iterable[Row], wanted: Callable[[str], Mapping[str, object]], kind: str, table: str,
    verdict: Verdict, keys: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """Check a table with one row per identifier, or per key of `keys`."""
    missing = set(expected.identities.places if keys is None else keys)
    known, seen = frozenset(missing), set[str]()
    for row in rows:
        key = key_of(row)
        if key not in known or key in seen:
            verdict.note(kind, f"{table} {key}: {'twice' if key in seen else 'unexpected'}")
            continue
        seen.add(key)
        wrong = differing(wanted(key), row)
        if wrong:
            verdict.note(kind, f"{table} {key}: {wrong}")
    for key in missing - seen - expected.identities.uncertain:
        verdict.note(kind, f"{table} {key}: missing")


def name_of(key: str | None) -> str:
    """Return namespace:value of a key; '' for None."""
    return key.partition("|")[2] if key else ""
