"""Parser of lines in the common and the combined log format of Apache and nginx.

Formats: `%h %l %u %t "%r" %>s %b`, and the same followed by `"%{Referer}i" "%{User-agent}i"`
(https://httpd.apache.org/docs/2.4/logs.html; nginx calls the second one `combined` as well). A virtual host may come
first (`%v:%p`, Debian's `vhost_combined`), and further fields may follow, the `X-Forwarded-For` list among them.

Every pattern is possessive, and every search scans forward once, so that the time for a line is linear in its length.
"""

import re
from dataclasses import dataclass
from typing import Final

from sources.access_logs.addresses import Client, choose_client, is_forwarded_list, read_client
from sources.access_logs.head import Head, host_from_ident, read_head
from sources.access_logs.json_lines import explain_unreadable
from sources.access_logs.request import LONGEST_LINE_BYTES, LogLine, Unreadable, split_request, unescape
from sources.access_logs.times import parse_time

__all__ = ["LONGEST_LINE_BYTES", "ClfFormat", "ClfReader", "LogLine", "Unreadable", "parse_line", "parse_time"]

_IN_QUOTES = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
_BODY = rf'"({_IN_QUOTES})" (\d{{3}}) (\d++|-)(?: "({_IN_QUOTES})" "({_IN_QUOTES})"(?: (.*+))?)?\Z'
_LINE = re.compile(rf"(\S++) (\S++) (\S++) \[([^\]]*+)\] {_BODY}")
_FROM_REQUEST = re.compile(_BODY)
_QUOTED = re.compile(rf'[^"]*+"({_IN_QUOTES})"')
_BEGINNING = re.compile(r"\S++ \S++ \S.*? \[\d\d?/[A-Za-z]{3}/\d{4}:")
_LATE: Final = "a list of clients follows the user agent, as in nginx-main, but in none of the first lines"
_HAPROXY = re.compile(r"(?:\S++ )?+[\da-fA-F.:]++ \[\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d:\d\d\.\d{3}\] ")


@dataclass(frozen=True, slots=True)
class ClfFormat:
    """The fields around those of the common format.

    - `virtual_host`: whether a virtual host comes first.
    - `agent`: whether lines have a referrer and a user agent. None means as the lines before: a common line after
      combined ones is one that was cut.
    - `forwarded_at`: which quoted field after the user agent, from 0, is the `X-Forwarded-For` list. None means none.
    - `detected`: whether the format was detected. The list may then begin in a later line, after a change of the
      server's configuration; that line is in another format, since ignoring the list would merge all clients of the
      load balancer into one visitor.
    """

    virtual_host: bool = False
    agent: bool | None = None
    forwarded_at: int | None = None
    detected: bool = False


ANY: Final = ClfFormat()


class ClfReader:
    """A reader of the lines of one file."""

    def __init__(self, format: ClfFormat = ANY) -> None:
        self._format = format
        self._agents = bool(format.agent)

    def read(self, text: str, ended: bool) -> LogLine | Unreadable:
        """See `sources.access_logs.request.LineReader`."""
        parsed = _parse(text, ended, self._format)
        if isinstance(parsed, Unreadable):
            return parsed
        if parsed.user_agent is not None:
            if self._format.agent is False:
                return Unreadable("other_format", "it has a referrer and a user agent, which the format does not have")
            self._agents = True
        elif self._agents:
            # In a log of combined lines, a common line is the beginning of a line whose end was not written.
            return Unreadable("cut_short", "it ends before its referrer and user agent")
        return parsed


def parse_line(line: bytes, format: ClfFormat = ANY) -> LogLine | Unreadable:
    """Read one line with its line ending. Bytes that are not UTF-8 are replaced, since clients can send any."""
    if len(line) > LONGEST_LINE_BYTES:
        return Unreadable("too_long", f"longer than {LONGEST_LINE_BYTES} bytes")
    return _parse(line.rstrip(b"\r\n").decode("utf-8", "replace"), line.endswith(b"\n"), format)


def quoted_fields(tail: str) -> list[str]:
    """Return the quoted texts of the part of a line after the user agent."""
    found = []
    at = 0
    while (match := _QUOTED.match(tail, at)) is not None:
        found.append(match[1])
        at = match.end()
    return found


def split_line(text: str) -> tuple[str, str, re.Match[str]] | None:
    """Return (text before the time, time, match of the rest) of a line in one of the formats, or None.

    Groups of the rest: request, status, size, referrer, user agent, tail. Servers escape quotes in a user name, so that
    the request begins at the first `] "`, whatever brackets come before.
    """
    end = text.find('] "')
    start = text.rfind(" [", 0, end) if end > 0 else -1
    match = _FROM_REQUEST.match(text, end + 2) if start > 0 else None
    return None if match is None else (text[:start], text[start + 2 : end], match)


def _parse(text: str, ended: bool, format: ClfFormat) -> LogLine | Unreadable:
    match = _LINE.match(text)
    client = None if match is None or format.virtual_host else _plain_client(match[1], match[2])
    if match is not None and client is not None:
        head = Head(host_from_ident(match[2]), client, "" if match[3] in ("-", '""') else unescape(match[3]))
        time, request, status, size, referrer, user_agent, tail = match.groups()[3:]
    else:
        parts = split_line(text)
        if parts is None:
            return _why_not(text)
        before, time, rest = parts
        found = read_head(before, format.virtual_host)
        if isinstance(found, Unreadable):
            return found
        head = found
        request, status, size, referrer, user_agent, tail = rest.groups()
    if user_agent is None and not ended:
        return Unreadable("cut_short", "the file ends within this line: its last number may be incomplete")
    at_ms = parse_time(time)
    if at_ms is None:
        return Unreadable("bad_time", f"[{time[:40]}] is not a time like [17/May/2015:10:05:03 +0000]")
    if tail and format.detected and format.forwarded_at is None and (listed := _late_list(head.client, tail)):
        return Unreadable("other_format", f"{_LATE}: {listed[:60]!r}")
    method, target = split_request(unescape(request))
    return LogLine(
        _forwarded(head.client, tail, format.forwarded_at).text if tail else head.client.text,
        head.user,
        at_ms,
        method,
        target,
        int(status),
        None if size == "-" else int(size),
        _value(referrer),
        _value(user_agent),
        head.virtual_host,
    )


def _plain_client(first: str, ident: str) -> Client | None:
    """Return the client of a line with three words before its time; None if the other words have to be read, too."""
    if ident != "-" and (second := read_client(ident)) is not None and second.is_address:
        return None
    return read_client(first)


def _forwarded(client: Client, tail: str, forwarded_at: int | None) -> Client:
    if forwarded_at is None:
        return client
    fields = quoted_fields(tail)
    listed = unescape(fields[forwarded_at]) if forwarded_at < len(fields) else ""
    return choose_client(client.text, listed) or client


def _late_list(client: Client, tail: str) -> str:
    """Return a quoted `X-Forwarded-For` list after the user agent with another client than the line's, or ''."""
    for field in quoted_fields(tail):
        if is_forwarded_list(field):
            chosen = choose_client("", field)
            if chosen is not None and chosen.is_public and chosen.text != client.text:
                return field
    return ""


def _value(text: str | None) -> str | None:
    return None if text is None else "" if text == "-" else unescape(text)


def _why_not(text: str) -> Unreadable:
    if _HAPROXY.match(text):
        return Unreadable("other_format", "HAProxy's own format has no user agent: log with its `option httplog clf`")
    if text.startswith("{") and (missing := explain_unreadable(text)) is not None:
        return missing
    if _BEGINNING.match(text):
        end = text if len(text) <= 60 else "…" + text[-60:]
        return Unreadable("cut_short", f"the line ends before its format does, with {end!r}")
    beginning = text if len(text) <= 60 else text[:60] + "…"
    return Unreadable("not_a_log_line", f"neither common nor combined format: {beginning!r}")
