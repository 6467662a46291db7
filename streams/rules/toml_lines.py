"""The line numbers of the keys of a TOML text, which the standard library's reader does not return.

Only for texts that were read without error: nothing is checked here.
"""

import re
from dataclasses import dataclass, field
from typing import Final

_PART: Final = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.?)""")
_STRING: Final = re.compile(r'''"""|\'\'\'|"(?:[^"\\]|\\.)*"|'[^']*'|[][{}#]''')

Path = tuple[str, ...]


@dataclass(slots=True)
class Lines:
    """Line numbers, from 1: of each `[[rule]]`, of the keys within each, and of the other keys."""

    rules: list[int] = field(default_factory=list)
    keys: dict[tuple[int | None, Path], int] = field(default_factory=dict)  # (number of the rule, path) -> line

    def of(self, rule: int | None, *path: str) -> int:
        """Return the line of a key, or of the closest table around it that has one."""
        for length in range(len(path), 0, -1):
            line = self.keys.get((rule, path[:length]))
            if line is not None:
                return line
        if rule is None:
            return 1
        return self.rules[rule] if rule < len(self.rules) else self.keys.get((None, ("rule",)), 1)


@dataclass(slots=True)
class _Open:
    """What continues over the end of a line: a long string, and brackets."""

    quotes: str = ""
    brackets: int = 0


def scan(text: str) -> Lines:
    """Return the lines of all keys."""
    lines = Lines()
    still = _Open()
    rule: int | None = None
    table: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        statement = line.strip() if not still.quotes and not still.brackets else ""
        if statement.startswith("["):
            name = _path(statement.lstrip("["))
            if statement.startswith("[[") and name == ("rule",):
                lines.rules.append(number)
            inside = name[0] == "rule" and bool(lines.rules)
            rule, table = (len(lines.rules) - 1, name[1:]) if inside else (None, name)
            if table:
                lines.keys.setdefault((rule, table), number)
            continue
        if statement and not statement.startswith("#"):
            lines.keys.setdefault((rule, table + _path(statement)), number)
        _go_on(still, line)
    return lines


def _path(text: str) -> Path:
    parts: list[str] = []
    place = 0
    while found := _PART.match(text, place):
        parts.append(found[1].strip("\"'"))
        place = found.end()
        if not found[2]:
            break
    return tuple(parts)


def _go_on(still: _Open, line: str) -> None:
    """Scan the strings and brackets of a line, to know whether the next one continues them."""
    place = 0
    while True:
        if still.quotes:
            end = _end_of_string(line, place, still.quotes)
            if end < 0:
                return
            place, still.quotes = end, ""
        found = _STRING.search(line, place)
        if found is None or found[0] == "#":
            return
        place = found.end()
        if found[0] in ('"""', "'''"):
            still.quotes = found[0]
        elif found[0] in "[{":
            still.brackets += 1
        elif found[0] in "]}":
            still.brackets -= 1


def _end_of_string(line: str, place: int, quotes: str) -> int:
    """Return the index behind the end of a long string, or -1 if it continues.

    Up to two more quotes in front of the last three belong to the string.
    """
    while place < len(line):
        if quotes == '"""' and line[place] == "\\":
            place += 2
        elif line.startswith(quotes, place):
            place += 3
            while place < len(line) and line[place] == quotes[0]:
                place += 1
            return place
        else:
            place += 1
    return -1
