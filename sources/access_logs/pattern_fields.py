"""Roles of the fields of Apache's `LogFormat` and nginx's `log_format`; other fields are ignored."""

from collections.abc import Callable
from typing import Final

from sources.access_logs.times import parse_epoch, parse_iso, parse_time

TIMES: Final[dict[str, Callable[[str], int | None]]] = {
    "time_clf": parse_time,
    "time_iso": parse_iso,
    "time_s": parse_epoch,
    "time_ms": lambda text: parse_epoch(text, 1.0),
    "time_us": lambda text: parse_epoch(text, 1e-3),
}
"""Parsers of the roles that are times."""

APACHE: Final = {
    "h": "remote",
    "a": "remote",
    "u": "user",
    "r": "request",
    "m": "method",
    "U": "target",
    "q": "query",
    "s": "status",
    "b": "size",
    "B": "size",
    "O": "size",
    "v": "host",
    "V": "host",
}

APACHE_TIMES: Final = {
    "": "time_clf",
    "sec": "time_s",
    "msec": "time_ms",
    "usec": "time_us",
    "%d/%b/%Y:%H:%M:%S %z": "time_clf",
    "%Y-%m-%dT%H:%M:%S%z": "time_iso",
    "%Y-%m-%d %H:%M:%S%z": "time_iso",
    "%Y-%m-%d %H:%M:%S %z": "time_iso",
    "%FT%T%z": "time_iso",
    "%F %T %z": "time_iso",
    "%s": "time_s",
}
"""Arguments of `%{...}t` that give an instant; formats without a zone are missing, since they do not."""

HEADERS: Final = {
    "referer": "referrer",
    "user-agent": "user_agent",
    "x-forwarded-for": "forwarded",
    "forwarded": "forwarded",
    "x-real-ip": "real_ip",
    "cf-connecting-ip": "real_ip",
    "true-client-ip": "real_ip",
    "fastly-client-ip": "real_ip",
    "x-client-ip": "real_ip",
    "x-azure-clientip": "real_ip",
    "host": "host",
}
"""Request headers, as in Apache's `%{...}i` and nginx's `$http_...`."""

NGINX: Final = {
    "remote_addr": "remote",
    "remote_user": "user",
    "time_local": "time_clf",
    "time_iso8601": "time_iso",
    "msec": "time_s",
    "request": "request",
    "request_method": "method",
    "request_uri": "target",
    "uri": "target",
    "document_uri": "target",
    "args": "query",
    "query_string": "query",
    "status": "status",
    "body_bytes_sent": "size",
    "bytes_sent": "size",
    "host": "host",
    "server_name": "host",
    "proxy_add_x_forwarded_for": "forwarded",
    "sent_http_content_type": "media_type",
    "content_type": "",
}


def apache_role(letter: str, argument: str | None) -> str:
    """Return the role of `%h` or `%{argument}i`, '' for an ignored field. Raises `ValueError` for a time without a
    zone."""
    if letter == "t":
        stripped = (argument or "").removeprefix("begin:").removeprefix("end:")
        if stripped in ("msec_frac", "usec_frac"):
            return ""
        if stripped not in APACHE_TIMES:
            raise ValueError(f"the time %{{{argument}}}t has no zone or an unknown format: use %t")
        return APACHE_TIMES[stripped]
    if letter == "i":
        return HEADERS.get((argument or "").lower(), "")
    if letter == "o":
        return "media_type" if (argument or "").lower() == "content-type" else ""
    if letter == "a" and argument == "c":
        return ""  # the address of the load balancer, if mod_remoteip has put the client's into %a
    return APACHE.get(letter, "")


def nginx_role(variable: str) -> str:
    """Return the role of `$variable`, '' for an ignored one."""
    if variable in NGINX:
        return NGINX[variable]
    return HEADERS.get(variable[5:].replace("_", "-"), "") if variable.startswith("http_") else ""
