"""From any spelling of an identifier to its profile, and from a profile to its identifiers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, Row, read, read_one
from dashboards.answers.scope import Scope
from schemas.identifiers.identifier import ORDER, explain_refusal, read_identifier

SUGGESTIONS: Final = 5  # for an unknown identifier
_SHORTEST: Final = 3  # characters of a text for which there are suggestions
_NATIONAL_NUMBER: Final = re.compile(r"[0-9(][0-9 ()/.-]{4,}", re.ASCII)
_PHONE_HINT: Final = " If it is a telephone number, write it with + and the country code, such as +49 30 901820."
_FURTHEST: Final = 0.5  # distance of the 4-grams of two spellings; two swapped letters of an address give about 0.3


@dataclass(frozen=True, slots=True)
class Resolved:
    """A known identifier and the profile it belongs to (itself if it has no parent).

    `also` are other known identifiers that the text could mean.
    """

    identifier: str
    profile: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """An unknown identifier. `looked_for` are the identifiers the text could mean, `near` some spelled alike.

    `why` says why the text can mean none.
    """

    text: str
    looked_for: tuple[str, ...]
    near: tuple[str, ...]
    why: str = ""

    @property
    def sentence(self) -> str:
        """The error message."""
        if not self.looked_for:
            return f"{self.text!r} is not an identifier: {self.why}."
        known = f" Known and similar: {', '.join(self.near)}." if self.near else ""
        wanted = self.looked_for[0] if len(self.looked_for) == 1 else repr(self.text)
        number = _PHONE_HINT if _NATIONAL_NUMBER.fullmatch(self.text.strip()) else ""
        return f"There is no identifier {wanted}.{known}{number}"


@dataclass(frozen=True, slots=True)
class Member:
    """An identifier of a profile. `since_ms` None means that no identifier claims it.

    `why` is claim or, for the profile itself, shared, vetoed or none. `conflicts` are claimants that lost, the earliest
    first.
    """

    identifier: str
    parent: str
    since_ms: int | None
    why: Clear
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """A profile and its members: itself first, if it has a row, and all identifiers below it, level by level."""

    profile: str
    members: tuple[Member, ...]

    @property
    def identifiers(self) -> list[str]:
        """All identifiers, the profile first, even if it has no row yet."""
        return [self.profile, *(one.identifier for one in self.members if one.identifier != self.profile)]


def resolve(client: Client, scope: Scope, text: str, region: str, order: Sequence[str] = ORDER) -> Resolved | Unknown:
    """Return the profile of an identifier as a person types it. `region` is that of numbers without a country code."""
    candidates = read_identifier(text, region, order)
    rows = _rows_above(client, scope, candidates) if candidates else {}
    found = [one for one in candidates if one in rows]
    if not found:
        why = "" if candidates else explain_refusal(text, region, order)
        return Unknown(text, tuple(candidates), _near(client, scope, text), why)
    return Resolved(found[0], _climb(rows, found[0]), tuple(found[1:]))


def root_of(client: Client, scope: Scope, identifier: str) -> str:
    """Follow the parents of an identifier to the one that has none. An unknown identifier is its own root."""
    return _climb(_rows_above(client, scope, [identifier]), identifier)


def roots_of(client: Client, scope: Scope, identifiers: Sequence[str]) -> dict[str, str]:
    """Return the profile of each of some identifiers. An unknown identifier is its own profile."""
    rows = _rows_above(client, scope, identifiers) if identifiers else {}
    return {identifier: _climb(rows, identifier) for identifier in identifiers}


def identity_of(client: Client, scope: Scope, identifier: str) -> Identity:
    """Return the profile that an identifier belongs to now, with its members. Most often it is the profile itself."""
    rows = _rows_below(client, scope, [identifier])
    if identifier in rows and rows[identifier]["parent"]:
        identifier = root_of(client, scope, identifier)
        rows = _rows_below(client, scope, [identifier])
    return Identity(identifier, tuple(_members(rows, identifier)))


def members(client: Client, scope: Scope, profile: str) -> list[Member]:
    """Return the profile and all identifiers below it, level by level. An unknown profile has no members."""
    return _members(_rows_below(client, scope, [profile]), profile)


def identifiers_of(client: Client, scope: Scope, profile: str) -> list[str]:
    """Return all identifiers of a profile, itself first, even if it has no row yet."""
    return Identity(profile, tuple(members(client, scope, profile))).identifiers


def owners_of(client: Client, scope: Scope, profiles: Sequence[str]) -> dict[str, str]:
    """Return the profile of each identifier of some profiles, themselves included."""
    rows = _rows_below(client, scope, profiles) if profiles else {}
    roots = {identifier: _climb(rows, identifier) for identifier in rows}
    wanted = set(profiles)
    below = {identifier: root for identifier, root in roots.items() if root in wanted}
    return {**{profile: profile for profile in profiles}, **below}


def hashes_of(client: Client, identifiers: Sequence[str]) -> list[int]:
    """Return the hashes of identifiers, by which `events` is ordered."""
    row = read_one(client, "folded_ids", identifiers=list(identifiers))
    return list(row["folded_ids"]) if row else []


def _rows_above(client: Client, scope: Scope, identifiers: Sequence[str]) -> dict[str, Row]:
    return _by_identifier(read(client, "identities_above", tenant=scope.tenant, identifiers=list(identifiers)))


def _rows_below(client: Client, scope: Scope, profiles: Sequence[str]) -> dict[str, Row]:
    return _by_identifier(read(client, "identities_below", tenant=scope.tenant, profiles=list(profiles)))


def _by_identifier(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["identifier"]: row for row in rows}


def _climb(rows: Mapping[str, Row], identifier: str) -> str:
    """Return the root. Rows of two moments may lead in a circle: no identifier is passed twice."""
    passed = {identifier}
    while (row := rows.get(identifier)) and row["parent"] and row["parent"] not in passed:
        identifier = row["parent"]
        passed.add(identifier)
    return identifier


def _members(rows: Mapping[str, Row], profile: str) -> list[Member]:
    children: dict[str, list[str]] = {}
    for identifier in sorted(rows.keys() - {profile}):  # so that rows of two moments make no circle
        children.setdefault(rows[identifier]["parent"], []).append(identifier)
    found = [profile]
    for identifier in found:  # it grows meanwhile
        found += children.get(identifier, ())
    return [_member(rows[identifier]) for identifier in found if identifier in rows]


def _member(row: Row) -> Member:
    since_ms = row["since_ms"] if row["parent"] else None
    return Member(row["identifier"], row["parent"], since_ms, row["why"], tuple(row["conflicts"]))


def _near(client: Client, scope: Scope, text: str) -> tuple[str, ...]:
    wanted = text.strip()
    if len(wanted) < _SHORTEST:
        return ()
    found = read(client, "identity_near", tenant=scope.tenant, text=wanted, furthest=_FURTHEST, limit=SUGGESTIONS)
    return tuple(row["identifier"] for row in found)
