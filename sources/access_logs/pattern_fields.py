"""What the fields of Apache's `LogFormat` and nginx's `log_format` hold, by role; all others are passed over."""

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
"""How the text of each role that is a time is read."""

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
"""The arguments of `%{...}t` that name an instant; one without a zone does not."""

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
"""Headers of requests, as Apache's `%{...}i` and nginx's `$http_...` name them."""

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
    """The role of `%h` or `%{argument}i`; empty for one that is passed over. Raises `ValueError` for a time without
    zone."""
    if letter == "t":
        stripped = (argument or "").removeprefix("begin:").removeprefix("end:")
        if stripped in ("msec_frac", "usec_frac"):
            return ""
        if stripped not in APACHE_TIMES:
            raise ValueError(f"the time %{{{argument}}}t is not a known point in time: use %t")
        return APACHE_TIMES[stripped]
    if letter == "i":
        return HEADERS.get((argument or "").lower(), "")
    if letter == "o":
        return "media_type" if (argument or "").lower() == "content-type" else ""
    if letter == "a" and argument == "c":
        return ""  # the balancer's own address, where mod_remoteip has put the client's into %a
    return APACHE.get(letter, "")


def nginx_role(variable: str) -> str:
    """The role of `$variable`; empty for one that is passed over."""
    if variable in NGINX:
        return NGINX[variable]
    return HEADERS.get(variable[5:].replace("_", "-"), "") if variable.startswith("http_") else ""
