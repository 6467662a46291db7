"""Changes of scoring rules to be tried on stored touches: other points, caps and half-life."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboards.answers.clear import Clear

_CHANGE: Final = "[a-z0-9_]{1,64}:-?[0-9]{1,9}([.][0-9]{1,6})?(:[0-9]{1,4})?"
CHANGES: Final = f"{_CHANGE}(,{_CHANGE})*"
"""Changes as text: names, points and, if it changes, caps, such as `form:40:2,page_view:2`; cap 0 is none."""
LARGEST_CAP: Final = 1000


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule in use: its points, and its cap a day (0: none). Rules of one `group` share their cap."""

    name: Clear
    channel: Clear
    points: float
    cap: int = 0
    group: Clear = ""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules in use, in the order in which they are tried, and the half-life of scores."""

    rules: tuple[KnownRule, ...]
    half_life_ms: int


@dataclass(frozen=True, slots=True)
class RuleChange:
    """New points of a rule, and its new cap; None keeps the cap."""

    name: str
    points: float
    cap: int | None = None


class UnknownChangeError(ValueError):
    """A text describes no change of the rules in use; the message says which part, in sentences."""


def read_changes(text: str, known: Ruleset) -> list[RuleChange]:
    """Return the changes that a text describes in the form `CHANGES`; none for ''. Raises UnknownChangeError."""
    return [_read(part, known) for part in text.split(",")] if text else []


def _read(text: str, known: Ruleset) -> RuleChange:
    if not re.fullmatch(_CHANGE, text):
        raise UnknownChangeError(f"“{text[:80]}” is no change: write form:40, or form:40:2 with a cap.")
    name, points, *rest = text.split(":")
    if not any(rule.name == name for rule in known.rules):
        raise UnknownChangeError(f"There is no rule {name}.")
    cap = int(rest[0]) if rest else None
    if cap is not None and cap > LARGEST_CAP:
        raise UnknownChangeError(f"The cap of {name} is {cap}: at most {LARGEST_CAP} is possible.")
    return RuleChange(name, float(points), cap)


def apply_changes(known: Ruleset, changes: Iterable[RuleChange]) -> tuple[KnownRule, ...]:
    """Return the rules that differ by the changes, with their new values. Unknown names are ignored.

    A new cap applies to all rules of a group.
    """
    by_name = {change.name: change for change in changes}
    caps = {
        rule.group: by_name[rule.name].cap
        for rule in known.rules
        if rule.group and rule.name in by_name and by_name[rule.name].cap is not None
    }
    changed = (_apply(rule, by_name.get(rule.name), caps.get(rule.group)) for rule in known.rules)
    return tuple(new for rule, new in zip(known.rules, changed, strict=True) if new != rule)


def _apply(rule: KnownRule, change: RuleChange | None, group_cap: int | None) -> KnownRule:
    points = rule.points if change is None else change.points
    cap = group_cap if change is None or change.cap is None else change.cap
    return replace(rule, points=points, cap=rule.cap if cap is None else cap)


def as_columns(changed: Sequence[KnownRule]) -> dict[str, object]:
    """Return changed rules as the parameters `rules`, `points` and `caps` of queries."""
    return {
        "rules": [rule.name for rule in changed],
        "points": [rule.points for rule in changed],
        "caps": [rule.cap for rule in changed],
    }
