"""Reader of the W3C's extended log file format, which IIS, Azure App Service, Tomcat and CloudFront write.

A `#Fields` line names the columns of the lines after it, until the next one (https://www.w3.org/TR/WD-logfile). Dates
and times are in UTC. IIS separates values by spaces and writes a space within a value as `+`; CloudFront separates them
by tabs and percent-encodes
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html).
"""

import re
from typing import Final
from urllib.parse import unquote

from sources.access_logs.request import LogLine, Unreadable, build_log_line, replace_controls
from sources.access_logs.times import parse_utc

DIRECTIVE: Final = re.compile(r"#(Version|Fields|Software|Start-Date|End-Date|Date|Remark)\s*:", re.IGNORECASE)
CLOUDFRONT_FIELD: Final = "x-edge-location"
"""Column that only CloudFront writes."""

_ROLES: Final = {
    "date": "date",
    "time": "time",
    "c-ip": "remote",
    "c-dns": "remote",
    "cs-method": "method",
    "cs-uri": "target",
    "cs-uri-stem": "target",
    "cs-uri-query": "query",
    "sc-status": "status",
    "sc-bytes": "size",
    "bytes": "size",
    "cs-username": "user",
    "cs(user-agent)": "user_agent",
    "cs(referer)": "referrer",
    "cs(host)": "host",
    "cs-host": "host",
    "x-host-header": "host",
    "x-forwarded-for": "forwarded",
    "cs(x-forwarded-for)": "forwarded",
    "x-real-ip": "real_ip",
    "cs(x-real-ip)": "real_ip",
    "cs(cf-connecting-ip)": "real_ip",
    "cs(true-client-ip)": "real_ip",
    "cf-connecting-ip": "real_ip",
    "true-client-ip": "real_ip",
    "sc-content-type": "media_type",
    "sc(content-type)": "media_type",
}
_PREFERRED: Final = ("cs-uri-stem", "x-host-header", "sc-bytes", "c-ip")
"""Columns that take precedence over others with the same role: CloudFront's `cs(Host)` is the distribution, not the
requested host."""

_NEEDED: Final = ("date", "time", "target", "status")
_CLIENTS: Final = ("remote", "forwarded", "real_ip")
_VALUE = re.compile(r'"((?:[^"]|"")*+)"(?=\s|\Z)|(\S++)')
_ENCODED_PERCENT = re.compile(r"%25(?=[0-9A-Fa-f]{2})")


class W3cReader:
    """A reader of the lines of one file, each by the `#Fields` line before it."""

    def __init__(self) -> None:
        self._columns: list[str] = []
        self._tabs = False
        self._missing = "no #Fields line comes before it"

    def read(self, text: str, ended: bool) -> LogLine | Unreadable | None:
        """See `sources.access_logs.request.LineReader`."""
        if text.startswith("#"):
            if not DIRECTIVE.match(text):
                return Unreadable("not_a_log_line", f"not a directive of the W3C's format: {text[:60]!r}")
            if text.lower().startswith("#fields"):
                self._set_fields(text.partition(":")[2])
            return None
        if self._missing:
            return Unreadable("not_a_log_line", self._missing)
        values = _split(text, self._tabs)
        if len(values) != len(self._columns):
            counts = f"{len(values)} values where #Fields names {len(self._columns)}"
            return Unreadable("cut_short" if len(values) < len(self._columns) else "not_a_log_line", counts)
        if not ended and self._columns[-1]:
            return Unreadable("cut_short", "the file ends within this line: its last value may be incomplete")
        found = {
            role: ("" if value == "-" else value) for role, value in zip(self._columns, values, strict=True) if role
        }
        decode = decode_cloudfront if self._tabs else _decode_iis
        return build_log_line(decode(found), parse_utc(f"{found['date']} {found['time']}"))

    def _set_fields(self, text: str) -> None:
        # CloudFront separates the names by spaces and the values by tabs.
        names = text.lower().split()
        self._tabs = "\t" in text.strip() or CLOUDFRONT_FIELD in names
        roles = [_ROLES.get(name, "") for name in names]
        chosen = {role: n for n, role in reversed(list(enumerate(roles))) if role}
        chosen |= {roles[names.index(name)]: names.index(name) for name in _PREFERRED if name in names}
        self._columns = [role if role and chosen[role] == n else "" for n, role in enumerate(roles)]
        missing = [role for role in _NEEDED if role not in self._columns]
        if not any(role in self._columns for role in _CLIENTS):
            missing.append("c-ip")
        self._missing = f"its #Fields line names no {', '.join(missing)}" if missing else ""


def _split(text: str, tabs: bool) -> list[str]:
    if tabs:
        return text.split("\t")
    if '"' not in text:
        return text.split()
    return [quoted.replace('""', '"') if quoted else plain_ for quoted, plain_ in _VALUE.findall(text)]


def _decode_iis(values: dict[str, str]) -> dict[str, str]:
    for name in ("user_agent", "forwarded"):
        if "+" in values.get(name, ""):
            # "++" is a space and a plus: values have no two spaces in a row, and crawlers name a URL as +http://...
            values[name] = values[name].replace("++", " \0").replace("+", " ").replace("\0", "+")
    return _plain(values)


def decode_cloudfront(values: dict[str, str]) -> dict[str, str]:
    """Decode CloudFront's encoding of tabs, quotes and the like; URLs keep the encoding that they had before."""
    for name in ("target", "query", "referrer"):
        if "%25" in values.get(name, ""):
            values[name] = _ENCODED_PERCENT.sub("%", values[name])
    for name in ("user_agent", "forwarded"):
        if "%" in values.get(name, ""):
            values[name] = unquote(_ENCODED_PERCENT.sub("%", values[name]))
    return _plain(values)


def _plain(values: dict[str, str]) -> dict[str, str]:
    return {name: replace_controls(value) for name, value in values.items()}
