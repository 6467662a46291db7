"""Prefixes and wrappers that log shippers add to a line: syslog headers, time stamps, names of containers.

Formats: RFC 3164 and what BSD and journald print, RFC 5424, rsyslog's file format with its ISO time stamp, the CRI of
Kubernetes (`TIME stdout F`), `docker logs -t`, `docker compose logs`, `kubectl logs --prefix`, Heroku's and systemd's
tags; and JSON objects that hold the line as text (Docker's `json-file`, `journalctl -o json`, Filebeat, Fluent Bit).
"""

import json
import re
from typing import Final

_DEPTH: Final = 3  # `docker compose logs -t` puts two prefixes before a line that may itself come from syslog
_ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_BSD = r"[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: [A-Z]{2,5}:?)?"
_TAG = r"[^\s:\[\]\"]{1,64}(?:\[[^\s\[\]]{1,64}\])?: "
_HOST = r"[^\s\"]{1,255} "
_SD = r"(?:-|(?:\[(?:[^\]\"\\]|\\.|\"(?:[^\"\\]|\\.)*+\")*+\])++)"
_PREFIXES: Final = tuple(
    re.compile(one)
    for one in (
        rf"<\d{{1,3}}>\d{{1,2}} (?:-|{_ISO}) \S++ \S++ \S++ \S++ {_SD} ?",  # RFC 5424
        rf"(?:<\d{{1,3}}>)?(?:{_BSD}|{_ISO}) (?:{_HOST})?{_TAG}",  # RFC 3164, journald, rsyslog, Heroku
        rf"{_ISO} (?:stdout|stderr) [FP] ",  # CRI
        rf"{_ISO}\s",  # docker logs -t, CloudWatch
        r"\[pod/[^\]\s]{1,512}\] ",  # kubectl logs --prefix
        r"[\w.@/-]{1,255} {1,64}\| ",  # docker compose logs, docker service logs
        rf"(?:<\d{{1,3}}>)?{_TAG}",
    )
)
_HOLDERS: Final = ("log", "message", "MESSAGE", "msg", "event.original")
_BYTE_ORDER_MARK: Final = "\ufeff"


def strip_prefix(text: str) -> str | None:
    """Return the line without its prefix, or None if it has no known one. A prefix of RFC 5424 may end with a byte
    order mark."""
    if text.startswith("{"):
        return _wrapped_line(text)
    for pattern in _PREFIXES:
        if match := pattern.match(text):
            return text[match.end() :].lstrip(_BYTE_ORDER_MARK)
    return None


def strip_prefixes(text: str) -> list[str]:
    """Return the line without its first prefix, without its first two, and so on, at most `_DEPTH` of them."""
    found: list[str] = []
    while len(found) < _DEPTH and (inner := strip_prefix(found[-1] if found else text)) is not None:
        found.append(inner)
    return found


def _wrapped_line(text: str) -> str | None:
    try:
        holder = json.loads(text)
    except (ValueError, RecursionError):
        return None
    values = [holder.get(name) for name in _HOLDERS] if isinstance(holder, dict) else []
    return next((one.rstrip("\r\n") for one in values if isinstance(one, str)), None)
