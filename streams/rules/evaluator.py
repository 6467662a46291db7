"""Evaluation of the rules: the first one that matches a touch gives its weight. Rules are read once, at the start.

`default.toml` beside this module describes the file and has the defaults.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import Final, NamedTuple

from schemas.column import SEPARATOR
from schemas.time import DAY_MS
from streams.rules.model import Rule
from streams.rules.predicates import Fields, Test, test_of, text_reader
from streams.rules.toml_lines import scan
from streams.rules.validator import RuleError, check

__all__ = ["Match", "RuleError", "Rules", "load_rules"]

CAP_VALUE_CHARS: Final = 200  # kept of the value of `cap_per`


class Match(NamedTuple):
    r"""The result of the first matching rule; `rule` is empty if none matched.

    `cap_value` identifies the cap: the name of the rule or of its group, and after a \x1f the value of the field in
    `cap_per`. Touches of one identifier, channel, cap, cap value and UTC day share one cap.
    """

    rule: str
    weight: float
    cap: int
    cap_value: str


_NONE: Final = Match("", 0.0, 0, "")


class Rules:
    """All rules, compiled. `warnings` name rules that can never match; `version` is a hash of what the rules mean."""

    def __init__(
        self, rules: tuple[Rule, ...], half_life_ms: int, late_days: int, warnings: tuple[RuleError, ...] = ()
    ) -> None:
        self.rules = rules
        self.half_life_ms = half_life_ms
        self.late_days = late_days
        self.warnings = warnings
        self.version = _version(rules, half_life_ms, late_days)
        self._of_type, self._of_channel = _index(rules)

    def match(self, fields: Fields) -> Match:
        """Return the match of a touch. `fields` are columns of `events` by name; missing ones are absent values."""
        for test, answer in self._for(fields.get("channel"), fields.get("type")):
            if test is None or test(fields):
                return answer if isinstance(answer, Match) else answer(fields)
        return _NONE

    def certain(self, channel: str, type_: str) -> Match | None:
        """Return the match of every touch of a channel and type, or None if it depends on other fields."""
        for test, answer in self._for(channel, type_)[:1]:
            return answer if test is None and isinstance(answer, Match) else None
        return _NONE

    def _for(self, channel: object, type_: object) -> "tuple[_Compiled, ...]":
        found = self._of_type.get((channel, type_))
        return self._of_channel.get(channel, ()) if found is None else found


def load_rules(
    text: str, file_name: str, channels: Mapping[str, Collection[str]] | None = None
) -> Rules | list[RuleError]:
    """Return the rules of a TOML text, or all its errors, by line.

    With `channels` (the types of each channel), a rule for an unknown channel or type is an error, too.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # bad syntax, or numbers and nesting beyond the limits
        return [_syntax_error(str(error), text, file_name)]
    checked = check(document, scan(text), file_name, channels)
    if checked.errors:
        return sorted(checked.errors, key=lambda error: error.line)
    half_life_ms = round(checked.half_life_days * DAY_MS)
    return Rules(tuple(checked.rules), half_life_ms, checked.late_days, tuple(checked.warnings))


_Answer = Match | Callable[[Fields], Match]
_Compiled = tuple[Test | None, _Answer]


def _index(rules: tuple[Rule, ...]) -> tuple[dict[object, tuple[_Compiled, ...]], dict[object, tuple[_Compiled, ...]]]:
    """Return the rules by (channel, type), and by channel for types that no rule names; each in their order."""
    compiled = [(rule, (_test(rule), _answer(rule))) for rule in rules]
    of_type: dict[object, tuple[_Compiled, ...]] = {}
    of_channel: dict[object, tuple[_Compiled, ...]] = {}
    for channel in {rule.channel for rule in rules}:
        here = [(rule, both) for rule, both in compiled if rule.channel == channel]
        of_channel[channel] = tuple(both for rule, both in here if not rule.types)
        for type_ in {type_ for rule, _ in here for type_ in rule.types}:
            of_type[channel, type_] = tuple(both for rule, both in here if not rule.types or type_ in rule.types)
    return of_type, of_channel


def _test(rule: Rule) -> Test | None:
    """Return the test of a rule's conditions. None means that the rule always matches."""
    tests = tuple(test_of(condition) for condition in rule.when)
    if len(tests) < 2:
        return tests[0] if tests else None
    return lambda fields: all(test(fields) for test in tests)


def _answer(rule: Rule) -> _Answer:
    name, weight, cap = rule.name, rule.weight, rule.cap
    if not cap:
        return Match(name, weight, 0, "")
    if not rule.cap_per:
        return Match(name, weight, cap, rule.scope)
    read, scope = text_reader(rule.cap_per), rule.scope + SEPARATOR
    return lambda fields: Match(name, weight, cap, scope + read(fields)[:CAP_VALUE_CHARS])


def _version(rules: tuple[Rule, ...], half_life_ms: int, late_days: int) -> str:
    """Return a hash of what the rules mean. Comments, spaces and the order of conditions and types do not change it."""
    meant = [asdict(rule) | {"types": sorted(rule.types), "when": sorted(map(repr, rule.when))} for rule in rules]
    canonical = json.dumps([half_life_ms, late_days, meant], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _syntax_error(message: str, text: str, file_name: str) -> RuleError:
    """Return the error of tomllib, which has the line only in its message."""
    what, _, where = message.partition(" (at ")
    line = where.removeprefix("line ").split(",")[0]
    number = int(line) if line.isdigit() else text.rstrip().count("\n") + 1  # at the end of the document
    return RuleError(file_name, number, f"not valid TOML: {what}", "correct the line; strings need quotes")
