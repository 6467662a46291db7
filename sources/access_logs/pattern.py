r"""Custom formats: Apache's `LogFormat` or nginx's `log_format`, as in the server's configuration.

Apache: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats, nginx: the variables of
https://nginx.org/en/docs/http/ngx_http_log_module.html. A field ends where the text after it begins, and between
quotes at the first quote without a backslash. Each part of the compiled expression is atomic, so that the time for a
line is linear in its length.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from sources.access_logs.pattern_fields import TIMES, apache_role, nginx_role
from sources.access_logs.request import LogLine, Unreadable, build_log_line, unescape

_FIELD = re.compile(
    r"%[!\d,]*[<>]?(?:\{(?P<argument>[^}]*)\})?(?P<letter>\^[A-Z]{2}|[a-zA-Z])|\$(?:\{(?P<braced>\w+)\}|(?P<variable>\w+))"
)
_QUOTED_PARTS = re.compile(r"'((?:[^'\\]|\\.)*+)'(?=\s|;|\Z)")
_DIRECTIVE = re.compile(r"(?:LogFormat|log_format\s+\w+(?:\s+escape=\w+)?)\s+(?=['\"])", re.IGNORECASE)
_WITH_NICKNAME = re.compile(r'"((?:[^"\\]|\\.)*+)"(?:\s+\w+)?\Z', re.DOTALL)
_IN_QUOTES: Final = r'([^"\\]*+(?:\\.[^"\\]*+)*+)'
_LIST: Final = r"([^\s,]++(?:, ?[^\s,]++)*+)"
_TIME_FOLLOWS: Final = r"(?=\d\d?/[A-Z][a-z]{2}/\d{4}:)"
_BEFORE_ANOTHER: Final = {"target": r"([^\s?\"]*+)", "query": r"(\??+[^\s\"]*+)", "host": r"([^\s/\"]*+)"}
"""Expressions of fields that another field follows without text between them, such as `%U%q`."""

_NEEDED: Final = {
    "a time (%t, $time_local)": frozenset(TIMES),
    "a status (%>s, $status)": frozenset(["status"]),
    "a request (%r, $request)": frozenset(["request", "target"]),
    "a client (%h, $remote_addr)": frozenset(["remote", "forwarded", "real_ip"]),
}


class _Field(NamedTuple):
    written: str
    role: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled format. `roles` are the roles of the groups of `expression`, '' for ignored fields."""

    text: str
    expression: re.Pattern[str]
    roles: tuple[str, ...]


class PatternReader:
    """A reader of lines in the format of a pattern."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._time = next(role for role in pattern.roles if role in TIMES)

    def read(self, text: str, ended: bool) -> LogLine | Unreadable:
        """See `sources.access_logs.request.LineReader`."""
        match = self._pattern.expression.match(text)
        if match is None:
            return Unreadable("not_a_log_line", f"not in the given format: {text[:60]!r}")
        if not ended and not text.endswith(('"', "]")):
            return Unreadable("cut_short", "the file ends within this line: its last value may be incomplete")
        values: dict[str, str] = {}
        for role, value in zip(self._pattern.roles, match.groups(), strict=True):
            if role and not values.get(role):
                values[role] = "" if value == "-" else unescape(value)
        values["time"] = values[self._time]
        return build_log_line(values, TIMES[self._time](values["time"]))


def is_pattern(text: str) -> bool:
    """Return whether a text is a pattern and not the name of a format."""
    return _FIELD.search(text) is not None


def compile_pattern(text: str) -> Pattern:
    """Compile a format. Raises `ValueError` with a message for the user."""
    parts = _split(_unquoted(text))
    roles = [part.role for part in parts if isinstance(part, _Field)]
    for what, those in _NEEDED.items():
        if not those.intersection(roles):
            raise ValueError(f"the format {text!r} has no field for {what}")
    expression = []
    at = 0
    while at < len(parts):
        part = parts[at]
        after = parts[at + 1] if at + 1 < len(parts) else ""
        if isinstance(part, str):
            expression.append(re.escape(part))
        elif isinstance(after, _Field):
            if part.role not in _BEFORE_ANOTHER:
                raise ValueError(f"the format has {part.written} and {after.written} with nothing between them")
            expression.append(_BEFORE_ANOTHER[part.role])
        else:
            following = parts[at + 2] if at + 2 < len(parts) else ""
            expression.append(_until(part.role, after, isinstance(following, _Field) and following.role == "time_clf"))
            at += 1
        at += 1
    return Pattern(text, re.compile("".join(expression) + r"\s*+\Z"), tuple(roles))


def _until(role: str, literal: str, before_time: bool) -> str:
    """Return the expression of a field and of the text after it.

    `before_time`: a time of the common format follows. The field then ends only before such a time, since user names
    may contain brackets.
    """
    if not literal:
        return r"(.*+)"
    if literal.startswith('"'):
        return _IN_QUOTES + re.escape(literal)
    if role == "forwarded":
        return _LIST + re.escape(literal)
    return f"(?>(.*?){re.escape(literal)}{_TIME_FOLLOWS if before_time else ''})"


def _unquoted(text: str) -> str:
    """Return the format of a text that may be copied from a configuration: with the directive and its name, quoted in
    parts (nginx), or with `\\"` (Apache)."""
    stripped = text.strip().removesuffix(";").strip()
    text = _DIRECTIVE.sub("", stripped, count=1) if _DIRECTIVE.match(stripped) else stripped
    if text != stripped and (named := _WITH_NICKNAME.match(text)):
        return named[1].replace('\\"', '"').replace("\\t", "\t")
    quoted = _QUOTED_PARTS.findall(text)
    if quoted and text.startswith("'"):
        text = "".join(quoted)
    elif len(text) > 1 and text.startswith('"') and text.endswith('"') and '\\"' in text:
        text = text[1:-1]
    return text.replace('\\"', '"').replace("\\t", "\t")


def _split(text: str) -> list[str | _Field]:
    """Split a format into texts and fields; the brackets around the time of `%t` become texts."""
    parts: list[str | _Field] = []
    at = 0

    def add(literal: str) -> None:
        if literal and parts and isinstance(parts[-1], str):
            parts[-1] += literal
        elif literal:
            parts.append(literal)

    for match in _FIELD.finditer(text):
        add(text[at : match.start()].replace("%%", "%"))
        at = match.end()
        variable = match["braced"] or match["variable"]
        if variable == "is_args":
            continue  # the question mark of the query, or nothing
        role = nginx_role(variable) if variable else apache_role(match["letter"], match["argument"])
        bracketed = match["letter"] == "t" and role == "time_clf"
        add("[" if bracketed else "")
        parts.append(_Field(match[0], role))
        add("]" if bracketed else "")
    add(text[at:].replace("%%", "%"))
    return parts
