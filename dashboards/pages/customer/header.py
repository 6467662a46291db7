"""Who the customer is: a name, what else is known, and initials."""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.profile import Profile
from dashboards.pages.customer.identifiers import Shown, show_identifier

_ACTIVE_MS: Final = 5 * 60_000
_SHOWN: Final = 3  # identifiers in the header
_OF_HEADER: Final = ("name", "company", "title", "role")


@dataclass(frozen=True, slots=True)
class Header:
    """`name` is the trait, or else the strongest identifier. `more` identifiers are not listed."""

    name: str
    initials: str
    about: tuple[str, ...]
    identifiers: tuple[Shown, ...]
    more: int
    is_active: bool


def header_of(profile: Profile) -> Header:
    """Return the header of a profile."""
    strongest = show_identifier(profile.identifier)
    name = profile.traits.get("name") or strongest.text
    listed = [show_identifier(one.identifier) for one in profile.members]
    seen_ms = profile.last_seen_ms
    return Header(
        name,
        _initials(name),
        tuple(profile.traits[trait] for trait in _OF_HEADER[1:] if profile.traits.get(trait)),
        tuple(listed[:_SHOWN]),
        max(0, len(listed) - _SHOWN),
        seen_ms is not None and 0 <= profile.at_ms - seen_ms <= _ACTIVE_MS,
    )


def other_traits(profile: Profile) -> list[tuple[str, str]]:
    """Return the traits that the header does not show."""
    return [(name, value) for name, value in profile.traits.items() if name not in _OF_HEADER]


def _initials(name: str) -> str:
    """Return the first letters of the first and the last word, '?' without letters."""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return "".join(dict.fromkeys((letters[0], letters[-1]))) if letters else "?"
