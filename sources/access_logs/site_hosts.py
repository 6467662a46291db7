"""Hosts of the site: its site_host with or without `www.`, its subdomains, and the aliases that the user names.

Hosts are compared without case, without a trailing dot, and without the default port of their scheme (RFC 3986,
sections 3.2.2 and 6.2.3).
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
UNNAMED_HOSTS: Final = frozenset(["_", "*", "-", "default", "default_server", "localhost"])
"""Virtual hosts that servers log for requests without a host name; such requests belong to the site."""

_LONGEST: Final = 253 + len(":65535")
_PORT = re.compile(r":\d{0,5}\Z")
_HOST = re.compile(r"(?=.{1,253}\Z)[^\s/:@?#\[\]]++\Z")


def is_host(text: str) -> bool:
    """Return whether a text can be a host name."""
    return _HOST.match(text) is not None


def strip_port(authority: str) -> str:
    """Return the host of `host:port`."""
    return _PORT.sub("", authority)


def strip_default_port(authority: str, scheme: str) -> str:
    """Return the authority without its port if that is empty or the scheme's default."""
    host, _, port = authority.rpartition(":")
    return host if host and port in ("", DEFAULT_PORTS[scheme.lower()]) else authority


def site_prefix(authority: str, site: str, aliases: tuple[str, ...]) -> str:
    """Return the URL prefix of paths on this host, or '' if the host does not belong to the site.

    `authority` has no default port. With another port, it belongs to the site if the site has the same port.
    """
    return _site_prefix(authority, site, aliases) if len(authority) <= _LONGEST else ""


def is_site(host: str, site: str, aliases: tuple[str, ...]) -> bool:
    """Return whether a host is the site itself and not a subdomain."""
    return site_prefix(host, site, aliases) == site.rstrip("/")


@lru_cache(maxsize=4096)
def _site_prefix(authority: str, site: str, aliases: tuple[str, ...]) -> str:
    parts = urlsplit(site)
    site_host = _plain(strip_default_port(parts.netloc, parts.scheme))
    host = _plain(authority)
    prefix = site.rstrip("/")
    if host.removeprefix("www.") == site_host.removeprefix("www.") or host in map(_plain, aliases):
        return prefix
    if host == _PORT.sub("", site_host):
        return prefix if ":" not in authority else ""
    is_subdomain = host.endswith("." + site_host.removeprefix("www.")) and _HOST.match(host)
    return f"{parts.scheme}://{host}" if is_subdomain else ""


def _plain(authority: str) -> str:
    host, colon, port = authority.lower().partition(":")
    return host.removesuffix(".") + colon + port
