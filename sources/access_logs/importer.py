"""Importer of access logs of web servers and load balancers into the channel `visits`.

A log has no visitors, only addresses and browsers. A visitor is the keyed hash of both: without the key, nobody can
test whether an address is among the visitors. The hash holds for one UTC day or for ever, by an option.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Literal
from urllib.parse import quote, urlsplit

from schemas.identifiers.identifier import is_name
from schemas.raw_touch import LONGEST_TEXT
from schemas.time import DAY_MS
from sources.access_logs.addresses import is_address
from sources.access_logs.detect import detect
from sources.access_logs.formats import AUTO, FALLBACK, FileReader, find_format
from sources.access_logs.request import LogLine, Unreadable
from sources.access_logs.requests import is_named_like_file, skip_reason, touch_type
from sources.access_logs.site_hosts import (
    DEFAULT_PORTS,
    UNNAMED_HOSTS,
    is_host,
    is_site,
    site_prefix,
    strip_default_port,
    strip_port,
)
from sources.line_ids import LineIds
from sources.outcome import Emit, Outcome, RawTouch, Reject, Skip, excerpt

_IN_A_URL = "%/:?#[]@!$&'()*+,;=-._~"
NOTES: Final = {
    "no_user_agent": "the log has no user agents: all browsers behind one address are one visitor",
    "page_named_like_file": "counted as a page although its address ends like an asset or a download",
}
"""Notes of touches and their meaning."""

_VISITOR_BYTES = 12


@dataclass(frozen=True, slots=True)
class AccessLogOptions:
    """Options of the importer of access logs.

    - `site`: scheme and host of the site, since a log has only paths.
    - `visitor_key`: key of the visitors' hash, 16 to 64 bytes; another key gives other visitors.
    - `visitor_by`: `day` gives a client another visitor id each UTC day, `ever` the same one always.
    - `assets`: import static assets as touches of the type `custom`.
    - `addresses`: keep IP addresses.
    - `format`: a name in `sources.access_logs.formats`, a pattern like Apache's `LogFormat`, or `auto`.
    - `aliases`: other names that the log has for the site's virtual host.
    - `tenant`: tenant of the touches; '' means the default of the contract.
    """

    site: str
    visitor_key: bytes
    visitor_by: Literal["day", "ever"] = "day"
    assets: bool = False
    addresses: bool = True
    format: str = AUTO
    aliases: tuple[str, ...] = ()
    tenant: str = ""

    def __post_init__(self) -> None:
        """Raise `ValueError` with a message for the user if an option is wrong."""
        if web_url(self.site) is None:
            raise ValueError(f"the site must be like https://www.example.com, not {excerpt(self.site)}")
        if not 16 <= len(self.visitor_key) <= 64:
            raise ValueError(f"the visitor key must have 16 to 64 bytes, not {len(self.visitor_key)}")
        if self.tenant and not is_name(self.tenant):
            raise ValueError(f"a tenant must be 1 to 64 of a-z, 0-9, _ and -, not {excerpt(self.tenant)}")
        if self.format != AUTO:
            find_format(self.format)
        for one in self.aliases:
            if not is_host(one):
                raise ValueError(f"an alias must be the name of a host like shop.example.com, not {excerpt(one)}")


def read_access_log(
    lines: Iterable[bytes], options: AccessLogOptions, announce: Callable[[str], None] | None = None
) -> Iterator[Outcome]:
    """Yield one outcome per line; `lines` include their line endings.

    Reasons of rejection: `UnreadableReason` of `sources.access_logs.request`; of skipping: `SKIPS` of
    `sources.access_logs.requests`; notes: `NOTES`. `announce` is called once with the file's format, before the first
    outcome. Raises `AmbiguousFormatError` before that if the first lines fit more than one format.
    """
    if options.format == AUTO:
        detected = detect(lines)
        lines = detected.lines
        format, described = detected.format or FALLBACK, detected.description
    else:
        format = find_format(options.format)
        described = f"{format.name} (given)"
    if announce is not None:
        announce(described)
    ids = LineIds("access-log")
    reader = FileReader(format)
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
            continue
        parsed = reader.read(line)
        if parsed is None:
            yield Skip("directive")
        elif isinstance(parsed, Unreadable):
            yield Reject(parsed.reason, line_no, parsed.detail)
        else:
            yield _outcome(parsed, line, line_no, options, ids)


def _outcome(parsed: LogLine, line: bytes, line_no: int, options: AccessLogOptions, ids: LineIds) -> Outcome:
    target = parsed.target
    if not target:
        if parsed.status >= 400:
            return Skip("error")
        return Reject("bad_request", line_no, "the request has no method and target")
    target, prefix = _address(target, parsed.virtual_host, options)
    path, _, query = target.partition("?")
    if skip := skip_reason(parsed.method, path, query, parsed.status, options.assets, parsed.media_type):
        return Skip(skip)
    if not prefix:
        return Skip("other_site" if parsed.target.startswith("/") else "foreign_host")
    url = prefix + quote(target, safe=_IN_A_URL)
    if not is_address(parsed.host) and is_site(parsed.host, options.site, options.aliases):
        detail = f"{excerpt(parsed.host)} is the site, not a client: name the log's format with --format"
        return Reject("no_client", line_no, detail)
    if len(url) > LONGEST_TEXT:
        return Reject("too_long", line_no, f"the address has {len(url)} characters, over {LONGEST_TEXT}")
    if web_url(url) is None:
        return Reject("bad_request", line_no, f"{excerpt(target)} is no address of a page")
    touch = {"event_id": ids.next(line), **_touch(parsed, path, query, url, options)}
    return Emit("visits", touch, _notes(parsed, path, touch), line_no)


def _notes(parsed: LogLine, path: str, touch: RawTouch) -> tuple[str, ...]:
    """Return those of `NOTES` that apply to a touch."""
    notes: tuple[str, ...] = ("no_user_agent",) if parsed.user_agent is None else ()
    return (*notes, "page_named_like_file") if touch["type"] == "page" and is_named_like_file(path) else notes


def _address(target: str, virtual_host: str, options: AccessLogOptions) -> tuple[str, str]:
    """Return (path with query, URL prefix of the site) of a request's target; the prefix of another host is empty.

    A target may be a full URL (RFC 9112, section 3.2.2); its host takes precedence over the virtual host.
    """
    prefix = options.site.rstrip("/")
    if not target.startswith("/"):
        scheme, _, rest = target.partition("://")
        end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
        authority, path = rest[:end], rest[end:]
        if scheme.lower() not in DEFAULT_PORTS:
            return target, ""
        prefix = site_prefix(strip_default_port(authority, scheme), options.site, options.aliases)
        target = path if path.startswith("/") else "/" + path
    elif virtual_host and virtual_host not in UNNAMED_HOSTS:
        prefix = site_prefix(strip_port(virtual_host), options.site, options.aliases)
    return target, prefix


def _touch(parsed: LogLine, path: str, query: str, url: str, options: AccessLogOptions) -> RawTouch:
    kind, searched = touch_type(parsed.method, path, query, parsed.media_type)
    agent = parsed.user_agent or ""
    properties: dict[str, object] = {"status": parsed.status}
    touch: RawTouch = {
        "type": kind,
        "occurred_at": parsed.at_ms,
        "anonymous_id": visitor_id(parsed.host, agent, parsed.at_ms, options),
        "source": "access-log",
        "url": url,
        "properties": properties,
    }
    if options.tenant:
        touch["tenant"] = options.tenant
    if parsed.referrer:
        # A referrer never rejects the line, be it an app's (android-app://) or no URL. Only its length is limited.
        referrer = web_url(parsed.referrer) or parsed.referrer
        (touch if len(referrer) <= LONGEST_TEXT else properties)["referrer"] = referrer
    if agent:
        touch["user_agent"] = agent[:LONGEST_TEXT]
    if options.addresses:
        if is_address(parsed.host):
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


def visitor_id(host: str, agent: str, at_ms: int, options: AccessLogOptions) -> str:
    """Return the visitor's anonymous id: 24 hex digits after `v` (for ever) or `d` (for one day)."""
    if options.visitor_by == "ever":
        return _visitor_id(options.visitor_key, "v", host, agent, "")
    day = datetime.fromtimestamp(at_ms // DAY_MS * 86_400, UTC).date().isoformat()
    return _visitor_id(options.visitor_key, "d", host, agent, day)


@lru_cache(maxsize=4096)
def _visitor_id(key: bytes, prefix: str, host: str, agent: str, day: str) -> str:
    content = "\x00".join((host, agent, day)).encode("utf-8", "replace")
    return prefix + blake2b(content, digest_size=_VISITOR_BYTES, key=key).hexdigest()


@lru_cache(maxsize=1024)
def web_url(text: str) -> str | None:
    """Return an http or https URL with an ASCII host, percent-encoded where needed; None for any other text."""
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
