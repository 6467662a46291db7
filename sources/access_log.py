"""Access logs of Apache and nginx: requests become `visits`.

A log knows no visitors, only addresses and browsers. A visitor is the keyed hash of both: without the key nobody can
test whether an address is among them. The hash is made for one UTC day or for good, as the one who imports decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address
from typing import Literal
from urllib.parse import quote, urlsplit

from schemas.common import LONGEST_TEXT
from sources.line_ids import LineIds
from sources.log_lines import LogLine, Unreadable, parse_line
from sources.log_requests import touch_type, why_skipped
from sources.outcomes import Emit, Outcome, RawTouch, Reject, Skip, excerpt

_IN_A_URL = "%/:?#[]@!$&'()*+,;=-._~"
_VISITOR_BYTES = 12
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class AccessLogOptions:
    """How to read an access log.

    `site`: scheme and host of the site, for a log has only paths. `visitor_key`: the secret of the visitors' hash,
    16 to 64 bytes; another key makes other visitors. `visitor_by`: `day` makes a new visitor of everybody each UTC day,
    `ever` does not. `assets`: take static assets as touches of type `custom`. `addresses`: keep IP addresses.
    """

    site: str
    visitor_key: bytes
    visitor_by: Literal["day", "ever"] = "day"
    assets: bool = False
    addresses: bool = True

    def __post_init__(self) -> None:
        """Raises `ValueError`, in words for the one who set the option."""
        if web_url(self.site) is None:
            raise ValueError(f"the site must be like https://www.example.com, not {excerpt(self.site)}")
        if not 16 <= len(self.visitor_key) <= 64:
            raise ValueError(f"the visitor key must have 16 to 64 bytes, not {len(self.visitor_key)}")


def read_access_log(lines: Iterable[bytes], options: AccessLogOptions) -> Iterator[Outcome]:
    """One outcome per line. Lines come as the file has them, line endings included.

    Rejected: cut_short, not_a_log_line, bad_time, bad_request, too_long. Skipped: `sources.log_requests.SKIPS`.
    """
    ids = LineIds("access-log")
    combined = False
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
            continue
        parsed = parse_line(line)
        if isinstance(parsed, Unreadable):
            yield Reject(parsed.reason, line_no, parsed.detail)
        elif combined and parsed.user_agent is None:
            # In a log of combined lines a common one is the rest of a write that was cut.
            yield Reject("cut_short", line_no, "it ends before its referrer and user agent")
        else:
            combined = combined or parsed.user_agent is not None
            yield _outcome(parsed, line, line_no, options, ids)


def _outcome(parsed: LogLine, line: bytes, line_no: int, options: AccessLogOptions, ids: LineIds) -> Outcome:
    target = parsed.target
    if not target:
        if parsed.status >= 400:
            return Skip("error")
        return Reject("bad_request", line_no, "the request has no method and target")
    path, url = _address(target, options.site)
    if not url:
        return Skip(why_skipped(parsed.method, target, "", parsed.status, options.assets) or "foreign_host")
    path, _, query = path.partition("?")
    if skip := why_skipped(parsed.method, path, query, parsed.status, options.assets):
        return Skip(skip)
    if len(url) > LONGEST_TEXT:
        return Reject("too_long", line_no, f"the address has {len(url)} characters, over {LONGEST_TEXT}")
    if web_url(url) is None:
        return Reject("bad_request", line_no, f"{excerpt(target)} makes no address of a page")
    touch = {"event_id": ids.next(line), **_touch(parsed, path, query, url, options)}
    return Emit("visits", touch, line_no=line_no)


def _address(target: str, site: str) -> tuple[str, str]:
    """(path with query, full URL) of a request's target; the URL is empty for another host and for what is no path."""
    if not target.startswith("/"):
        scheme, _, rest = target.partition("://")
        host, slash, path = rest.partition("/")
        if scheme.lower() not in ("http", "https") or host.lower() != urlsplit(site).netloc.lower():
            return target, ""
        target = slash + path or "/"
    return target, site.rstrip("/") + quote(target, safe=_IN_A_URL)


def _touch(parsed: LogLine, path: str, query: str, url: str, options: AccessLogOptions) -> RawTouch:
    kind, searched = touch_type(parsed.method, path, query)
    agent = parsed.user_agent or ""
    properties: dict[str, object] = {"status": parsed.status}
    touch: RawTouch = {
        "type": kind,
        "occurred_at": parsed.at_ms,
        "anonymous_id": visitor(parsed.host, agent, parsed.at_ms, options),
        "source": "access-log",
        "url": url,
        "properties": properties,
    }
    if parsed.referrer:
        # What is no address of a page would have the whole touch refused later on; it is kept, under another name.
        referrer = web_url(parsed.referrer)
        referrer = referrer if referrer and len(referrer) <= LONGEST_TEXT else None
        (properties if referrer is None else touch)["referrer"] = referrer or parsed.referrer
    if agent:
        touch["user_agent"] = agent[:LONGEST_TEXT]
    if options.addresses:
        if _is_ip(parsed.host):
            touch["ip"] = parsed.host
        else:
            properties["host"] = parsed.host
    if parsed.size_bytes is not None:
        properties["bytes"] = parsed.size_bytes
    if searched:
        properties["query"] = searched
    if parsed.user:
        properties["user"] = parsed.user
    return touch


def visitor(host: str, agent: str, at_ms: int, options: AccessLogOptions) -> str:
    """The visitor's anonymous id: 24 hex digits after `v` (for good) or `d` (of one day)."""
    if options.visitor_by == "ever":
        return _visitor(options.visitor_key, "v", host, agent, "")
    day = datetime.fromtimestamp(at_ms // _DAY_MS * 86_400, UTC).date().isoformat()
    return _visitor(options.visitor_key, "d", host, agent, day)


@lru_cache(maxsize=4096)
def _visitor(key: bytes, prefix: str, host: str, agent: str, day: str) -> str:
    content = "\x00".join((host, agent, day)).encode("utf-8", "replace")
    return prefix + blake2b(content, digest_size=_VISITOR_BYTES, key=key).hexdigest()


@lru_cache(maxsize=1024)
def web_url(text: str) -> str | None:
    """The text, percent-encoded where needed, if it is an http or https URL with a host of plain ASCII; else None."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or not host.isascii() or not host.isprintable():
        return None
    if any(char in host for char in " \"'<>\\^`{|}%") or "@" in parts.netloc:
        return None
    return quote(text, safe=_IN_A_URL)


@lru_cache(maxsize=4096)
def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
