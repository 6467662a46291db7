"""Validation of a rules file: all errors are found at once, each with its line."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, NamedTuple

from streams.rules.condition_validator import Found, read_conditions
from streams.rules.model import FIELDS, Kind, Rule, kind_of
from streams.rules.toml_lines import Lines

Document = Mapping[str, object]
Channels = Mapping[str, Collection[str]]

_NAME: Final = re.compile("[a-z0-9_]{1,64}")
_KEYS: Final = ("name", "channel", "type", "when", "weight", "cap", "cap_per", "group")
_SETTINGS: Final = ("half_life_days", "late_days", "rule")
_LARGEST_WEIGHT: Final = 1e9
_LARGEST_CAP: Final = 1000  # touches that an identifier keeps for each day and cap
_HALF_LIFE_DAYS: Final = (1 / 24, 3650)
_LATE_DAYS: Final = (1, 366)


class RuleError(NamedTuple):
    """An error in a rules file: where, what is wrong and how to correct it."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}."


@dataclass(slots=True)
class Checked:
    """The valid rules and settings of a document, with its errors and warnings."""

    half_life_days: float = 7
    late_days: int = 35
    rules: list[Rule] = field(default_factory=list)
    errors: list[RuleError] = field(default_factory=list)
    warnings: list[RuleError] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Reader of one table: the whole document (`number` None) or one rule."""

    table: Document
    number: int | None
    label: str
    lines: Lines
    file: str
    errors: list[RuleError]

    def wrong(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        self.errors.append(RuleError(self.file, self.lines.of(self.number, *path), f"{self.label}{what}", remedy))

    def known(self, keys: Collection[str]) -> None:
        for key in self.table:
            if key not in keys:
                self.wrong((key,), f"there is no key '{key}'", f"{nearest(key, keys)}, or leave it out")

    def number_in(self, key: str, default: float, least: float, most: float, whole: bool = False) -> float:
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            self.wrong(
                (key,), f"{key} is not a {'whole ' if whole else ''}number", f"write {key} = {default:g}, for example"
            )
        elif not least <= value <= most:  # also refuses nan
            self.wrong((key,), f"{key} is {value}", f"it must be from {least:.3g} to {most:.10g}")
        else:
            return value
        return default

    def text(self, key: str) -> str:
        value = self.table.get(key, "")
        if isinstance(value, str) and (value or key not in self.table):
            return value
        self.wrong((key,), f"{key} is not a text, or empty", f'write {key} = "..."')
        return ""


def check(document: Document, lines: Lines, file: str, channels: Channels | None) -> Checked:
    """Return all rules and settings, with all errors. There are warnings only without errors."""
    checked = Checked()
    top = _Reader(document, None, "", lines, file, checked.errors)
    top.known(_SETTINGS)
    checked.half_life_days = top.number_in("half_life_days", 7, *_HALF_LIFE_DAYS)
    checked.late_days = int(top.number_in("late_days", 35, *_LATE_DAYS, whole=True))
    tables = document.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        top.wrong(("rule",), "rule is not a list of tables", "begin every rule with [[rule]]")
        return checked
    for number, table in enumerate(tables):
        label = f"rule '{table['name']}': " if isinstance(table.get("name"), str) else f"rule {number + 1}: "
        checked.rules.append(_rule(_Reader(table, number, label, lines, file, checked.errors), channels))
    _check_names(checked, lines, file)
    _check_groups(checked, lines, file)
    if not checked.errors:
        _warn(checked, lines, file)
    return checked


def _rule(reader: _Reader, channels: Channels | None) -> Rule:
    reader.known(_KEYS)
    name = reader.text("name")
    if not _NAME.fullmatch(name):
        reader.wrong(("name",), "it has no name of a-z, 0-9 and _", 'write name = "what_it_counts"')
    channel = reader.text("channel")
    if not channel:
        reader.wrong(("channel",), "it has no channel", 'write channel = "NAME", one of those in docs/contract.md')
    weight = reader.number_in("weight", 0, -_LARGEST_WEIGHT, _LARGEST_WEIGHT)
    if "weight" not in reader.table:
        reader.wrong(
            ("weight",), "it has no weight", "write weight = 1, for example, or 0 for touches that do not count"
        )
    cap = int(reader.number_in("cap", 0, 1, _LARGEST_CAP, whole=True)) if "cap" in reader.table else 0
    types = _types(reader)
    if channels is not None:
        _check_channel(reader, channel, types, channels)
    when: Found = read_conditions(reader.table.get("when", {}))
    for path, what, remedy in when.wrong:
        reader.wrong(("when", *path), what, remedy)
    cap_per, group = _cap_per(reader), reader.text("group")
    if group and not _NAME.fullmatch(group):
        reader.wrong(("group",), f"the group '{group}' has characters other than a-z, 0-9 and _", "use another name")
    return Rule(name, channel, float(weight), types, when.conditions, cap, cap_per, group)


def _types(reader: _Reader) -> tuple[str, ...]:
    value = reader.table.get("type", [])
    types = [value] if isinstance(value, str) else value
    given = bool(types) or "type" not in reader.table
    if given and isinstance(types, list) and all(isinstance(type_, str) and type_ for type_ in types):
        return tuple(dict.fromkeys(types))
    reader.wrong(("type",), "type is neither a text nor a list of texts", 'write type = "page", or leave it out')
    return ()


def _check_channel(reader: _Reader, channel: str, types: tuple[str, ...], channels: Channels) -> None:
    if channel and channel not in channels:
        reader.wrong(("channel",), f"there is no channel '{channel}'", nearest(channel, channels))
    for type_ in types:
        if channel in channels and type_ not in channels[channel]:
            reader.wrong(("type",), f"'{channel}' has no type '{type_}'", nearest(type_, channels[channel]))


def _cap_per(reader: _Reader) -> str:
    field_name = reader.text("cap_per")
    if ("cap_per" in reader.table or "group" in reader.table) and "cap" not in reader.table:
        key = "cap_per" if "cap_per" in reader.table else "group"
        reader.wrong((key,), f"{key} without a cap", "write cap = 1, for example, beside it")
    if field_name and kind_of(field_name) is not Kind.TEXT:
        texts = [name for name, kind in FIELDS.items() if kind is Kind.TEXT]
        reader.wrong(
            ("cap_per",), f"'{field_name}' is not a text field", f"{nearest(field_name, texts)}, or properties.NAME"
        )
    return field_name


def _check_names(checked: Checked, lines: Lines, file: str) -> None:
    seen: dict[str, int] = {}
    for number, rule in enumerate(checked.rules):
        if rule.name and rule.name in seen:
            what = f"rule '{rule.name}': the name is taken by the rule in line {lines.of(seen[rule.name])}"
            checked.errors.append(RuleError(file, lines.of(number, "name"), what, "use another name"))
        seen.setdefault(rule.name, number)
    for number, rule in enumerate(checked.rules):
        if rule.group in seen and rule.group:
            what = f"rule '{rule.name}': the group '{rule.group}' has the name of a rule, and both count caps"
            checked.errors.append(RuleError(file, lines.of(number, "group"), what, "use another name for the group"))


def _check_groups(checked: Checked, lines: Lines, file: str) -> None:
    first: dict[str, tuple[int, Rule]] = {}
    for number, rule in enumerate(checked.rules):
        if not rule.group:
            continue
        start, head = first.setdefault(rule.group, (number, rule))
        if (rule.channel, rule.cap, rule.cap_per) != (head.channel, head.cap, head.cap_per):
            what = (
                f"rule '{rule.name}': it shares the group '{rule.group}' with the rule in line {lines.of(start)}, "
                "but not its channel, cap and cap_per"
            )
            remedy = "rules of one group share one cap: write the same in all, or use another group"
            checked.errors.append(RuleError(file, lines.of(number, "group"), what, remedy))


def _warn(checked: Checked, lines: Lines, file: str) -> None:
    """Add a warning for each rule that an earlier one always precedes.

    Only whole rules are compared, not what several cover together.
    """
    for number, rule in enumerate(checked.rules):
        for before, earlier in enumerate(checked.rules[:number]):
            if _covers(earlier, rule):
                what = f"rule '{rule.name}' can never match: '{earlier.name}' in line {lines.of(before)} comes first"
                checked.warnings.append(RuleError(file, lines.of(number), what, "move it up, or remove it"))
                break


def _covers(earlier: Rule, later: Rule) -> bool:
    types = not earlier.types or (bool(later.types) and set(later.types) <= set(earlier.types))
    return earlier.channel == later.channel and types and set(earlier.when) <= set(later.when)


def nearest(word: str, words: Collection[str]) -> str:
    """Return a hint at the word that was probably meant."""
    close = get_close_matches(word, list(words), 1)
    return f"did you mean '{close[0]}'" if close else f"there are {', '.join(sorted(words))}"
