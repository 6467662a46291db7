"""The record of a request that every format is parsed into, and the reasons why a line has none."""

import re
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from sources.access_logs.addresses import Client, choose_client, read_address

LONGEST_LINE_BYTES: Final = 64 * 1024
"""Longer lines are rejected. Servers refuse request lines and headers over 8 kB; three of them fit, escaped."""

UnreadableReason: TypeAlias = Literal[
    "bad_field", "bad_request", "bad_time", "cut_short", "no_client", "not_a_log_line", "other_format", "too_long"
]
"""Why a line has no request."""

_ESCAPE = re.compile(r"(?:\\x[0-9a-fA-F]{2})++|\\.", re.DOTALL)
_NO_TIME: Final = "is not a time of the format: log ISO 8601 with its zone, or seconds since 1970"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A request as logged. Values are empty if the log has `-`; `referrer` and `user_agent` are None if the format does
    not have them.

    `host`: the client's address (RFC 5952) or name. `virtual_host`: the requested host, with its port if the log has
    it. `media_type`: media type of the response. Both are empty if the format does not have them.
    """

    host: str
    user: str
    at_ms: int
    method: str
    target: str
    status: int
    size_bytes: int | None
    referrer: str | None
    user_agent: str | None
    virtual_host: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line without a request; `detail` says what is wrong with it."""

    reason: UnreadableReason
    detail: str


class LineReader(Protocol):
    """A reader of the lines of one file, in their order; it may keep state between lines."""

    def read(self, text: str, ended: bool) -> LogLine | Unreadable | None:
        """Read one line without its line ending. `ended`: whether it had one. None means a directive of the format."""
        ...


def build_log_line(values: dict[str, str], at_ms: int | None) -> LogLine | Unreadable:
    """Build a request from values by role, without quotes and escapes; a value is empty if the log has `-`.

    Roles: remote, forwarded, real_ip, user, host, request (or method, target and query), status, size, referrer,
    user_agent, media_type.
    """
    if at_ms is None:
        return Unreadable("bad_time", f"{values.get('time', '')[:40]!r} {_NO_TIME}")
    client = find_client(values)
    if client is None:
        return Unreadable("no_client", f"{values.get('remote', '')[:60]!r} is not a client's address")
    status, size = values.get("status", ""), values.get("size", "")
    if not (status.isascii() and status.isdigit() and len(status) <= 3):
        return Unreadable("bad_field", f"the status is {status[:20]!r}, not a number of three digits")
    if size and not (size.isascii() and size.isdigit() and len(size) <= 18):
        return Unreadable("bad_field", f"the size is {size[:20]!r}, not a number")
    if "request" in values:
        method, target = split_request(values["request"])
    else:
        method, target = values.get("method", "GET").upper(), values.get("target", "")
        query = values.get("query", "").removeprefix("?")
        if query and "?" not in target:
            target = f"{target}?{query}"
    return LogLine(
        client.text,
        values.get("user", ""),
        at_ms,
        method,
        target,
        int(status),
        int(size) if size else None,
        values.get("referrer"),
        values.get("user_agent"),
        values.get("host", ""),
        values.get("media_type", ""),
    )


def find_client(values: dict[str, str]) -> Client | None:
    """Return the client: by a header with one address, else by the `X-Forwarded-For` list, else by the connection."""
    if real := read_address(values.get("real_ip", "")):
        return real
    return choose_client(values.get("remote", ""), values.get("forwarded", ""))


def split_request(request: str) -> tuple[str, str]:
    """Return (method, target) of `GET /a HTTP/1.1`, or two empty texts for no request. Targets may contain spaces."""
    method, _, rest = request.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/"):
        target = rest  # HTTP/0.9 had no version
    if not method.isascii() or not method.isalpha() or not target:
        return "", ""
    return method.upper(), target


def unescape(text: str) -> str:
    r"""Decode `\"`, `\\` and `\xHH`, and replace control characters by spaces."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    return replace_controls(text)


def replace_controls(text: str) -> str:
    """Return the text with its control characters replaced by spaces."""
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def _unescaped(match: re.Match[str]) -> str:
    code = match[0]
    if len(code) == 2:
        return " " if code[1] in "bnrtvf" else code[1]
    escaped = bytes.fromhex(code.replace("\\x", ""))
    try:
        return escaped.decode("utf-8")
    except UnicodeDecodeError:
        return escaped.decode("latin-1")  # the encoding is unknown; this one loses no byte
