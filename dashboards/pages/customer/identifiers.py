"""Identifiers as the page shows them: with an icon and a noun, and how each was joined to the profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.identities import Member

_NOUNS: Final = {
    "master_id": "person number",
    "customer_id": "customer number",
    "crm": "number in the CRM",
    "email": "address",
    "phone": "telephone number",
    "anonymous_id": "visitor",
}
_ICONS: Final = {"email": "mail", "phone": "phone", "anonymous_id": "page"}
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """An identifier: its value, shortened if it is long (`text`), the noun of its namespace, and an icon."""

    text: str
    whole: str
    noun: str
    icon: str


@dataclass(frozen=True, slots=True)
class Branch:
    """An identifier of the tree. `since_ms`: when it was joined to `parent`; None for the profile itself.

    `others`: further identifiers that claimed it later.
    """

    shown: Shown
    parent: Shown | None
    since_ms: int | None
    why: str
    others: tuple[Shown, ...]


def show_identifier(identifier: str) -> Shown:
    """Return an identifier as it is shown. One of an unknown namespace keeps that as its noun."""
    namespace, _, value = identifier.partition(":")
    text = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    return Shown(text, value, _NOUNS.get(namespace, namespace.replace("_", " ")), _ICONS.get(namespace, "id"))


def branches(members: Sequence[Member]) -> list[Branch]:
    """Return the tree of a profile's identifiers, the profile first."""
    return [
        Branch(
            show_identifier(one.identifier),
            show_identifier(one.parent) if one.parent else None,
            one.since_ms,
            _WHY.get(one.why, one.why),
            tuple(map(show_identifier, one.conflicts)),
        )
        for one in members
    ]


_WHY: Final = {
    "claim": "seen together",
    "none": "the strongest identifier",
    "shared": "shared by too many to belong to one",
    "vetoed": "separated by a person",
}
