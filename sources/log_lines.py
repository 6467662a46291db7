"""One line of an Apache or nginx access log, in the common or the combined format, taken apart.

Formats: `%h %l %u %t "%r" %>s %b`, and the same with `"%{Referer}i" "%{User-agent}i"` behind it
(https://httpd.apache.org/docs/2.4/logs.html; nginx calls the second one `combined` as well). Fields that a combined
line has behind these are ignored.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

LONGEST_LINE_BYTES: Final = 64 * 1024
"""Longer lines are refused. Servers refuse request lines and headers over 8 kB; escaped, three of those fit."""

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_HEAD = rf"(\S+) \S+ (\S.*?) \[([^\]]*)\] {_QUOTED} (\d{{3}}) (\d+|-)"
_LINE = re.compile(rf"{_HEAD}(?: {_QUOTED} {_QUOTED}(?: .*)?)?\Z")
_BEGINNING = re.compile(r"\S+ \S+ \S.*? \[\d\d?/[A-Za-z]{3}/\d{4}:")
_ESCAPE = re.compile(r"(?:\\x[0-9a-fA-F]{2})+|\\.", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MONTH_NAMES = """Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"""
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), 1)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LogLine:
    """A request as logged. Empty where the log has `-`; `referrer` and `user_agent` are None in the common format."""

    host: str
    user: str
    at_ms: int
    method: str
    target: str
    status: int
    size_bytes: int | None
    referrer: str | None
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a line is no request: `reason` is cut_short, not_a_log_line, bad_time, bad_request or too_long."""

    reason: str
    detail: str


def parse_line(line: bytes) -> LogLine | Unreadable:
    """Reads one line, its line ending included. Bytes that are not UTF-8 are replaced: they are data of strangers."""
    if len(line) > LONGEST_LINE_BYTES:
        return Unreadable("too_long", f"longer than {LONGEST_LINE_BYTES} bytes")
    text = line.rstrip(b"\r\n").decode("utf-8", "replace")
    match = _LINE.match(text)
    if match is None:
        return _why_not(text)
    host, user, time, request, status, size, referrer, user_agent = match.groups()
    if user_agent is None and not line.endswith(b"\n"):
        return Unreadable("cut_short", "the file ends within this line, so that its last number may be incomplete")
    at_ms = parse_time(time)
    if at_ms is None:
        return Unreadable("bad_time", f"[{time[:40]}] is no time like [17/May/2015:10:05:03 +0000]")
    method, target = _split_request(_unescape(request))
    return LogLine(
        host,
        "" if user in ("-", '""') else _unescape(user),
        at_ms,
        method,
        target,
        int(status),
        None if size == "-" else int(size),
        _value(referrer),
        _value(user_agent),
    )


def parse_time(text: str) -> int | None:
    """Milliseconds since 1970 of `17/May/2015:10:05:03 +0000`, or None."""
    if len(text) != 26 or text[20] != " ":
        return None
    minute_ms = _minute_ms(text[:17], text[21:])
    second = text[18:20]
    if minute_ms is None or text[17] != ":" or not second.isascii() or not second.isdigit() or int(second) > 60:
        return None
    return minute_ms + int(second) * 1000


@lru_cache(maxsize=4096)
def _minute_ms(minute: str, zone: str) -> int | None:
    # Cached: a busy log has many lines per minute.
    try:
        at = datetime.strptime(f"{_MONTHS[minute[3:6]]:02d}/{minute[:3]}{minute[7:]} {zone}", "%m/%d/%Y:%H:%M %z")
    except (KeyError, ValueError):
        return None
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _split_request(request: str) -> tuple[str, str]:
    """(method, target) of `GET /a HTTP/1.1`; two empty texts for what is no request. Targets may hold spaces."""
    method, _, rest = request.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/"):
        target = rest  # HTTP/0.9 had no version
    if not method.isascii() or not method.isalpha() or not target:
        return "", ""
    return method.upper(), target


def _value(text: str | None) -> str | None:
    return None if text is None else "" if text == "-" else _unescape(text)


def _unescape(text: str) -> str:
    r"""Undoes `\"`, `\\` and `\xHH`; control characters become spaces, for no field needs any."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def _unescaped(match: re.Match[str]) -> str:
    code = match[0]
    if len(code) == 2:
        return " " if code[1] in "bnrtvf" else code[1]
    escaped = bytes.fromhex(code.replace("\\x", ""))
    try:
        return escaped.decode("utf-8")
    except UnicodeDecodeError:
        return escaped.decode("latin-1")  # what the bytes were meant to be is unknown; this loses none


def _why_not(text: str) -> Unreadable:
    if _BEGINNING.match(text):
        shown = text if len(text) <= 60 else "…" + text[-60:]
        return Unreadable("cut_short", f"the line ends before its format does, with {shown!r}")
    shown = text if len(text) <= 60 else text[:60] + "…"
    return Unreadable("not_a_log_line", f"neither common nor combined format: {shown!r}")
