"""The host, path and parameters of a page's address.

Only what the pipeline uses is parsed; the standard library's general parser takes six times as long. The address of a
page begins with http or https and has a host (RFC 3986). One with a user name or password is refused, since it would be
stored and shown.
"""

from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import Final, NamedTuple
from urllib.parse import unquote, unquote_plus

import idna

from schemas.identifiers.identifier import Invalid
from schemas.rejected import Reason
from schemas.url_path import normal_path

_CACHED: Final = 16_384  # cached addresses without query: about 8 MB when full
_LONG: Final = 1_000  # characters from which on an address is not cached
_PARAMETERS: Final = 200  # of one address; further ones are ignored
_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._")


class Url(NamedTuple):
    """A page's address.

    `host` is in lower-case ASCII without port, `path` in normal form, at least '/', and `query` has the parameters of
    query and fragment as written.
    """

    host: str
    path: str
    query: str

    @property
    def page(self) -> str:
        """Host and path, which identify a page."""
        return self.host + self.path


def split_url(text: str) -> Url | Invalid:
    """Return the parts of a full address. Never raises.

    An address that is not valid gives `Invalid`, with a detail that continues the name of the field.
    """
    base, query = split_query(text)
    place = _place(base) if len(base) <= _LONG else _read_place(base)
    if isinstance(place, Invalid):
        return place
    return Url(place[0], place[1], query)


def split_query(text: str) -> tuple[str, str]:
    """Return (an address without query and fragment, its parameters).

    Campaigns may also be tagged in the fragment (`#utm_source=a`, `#/route?utm_source=a`); parameters of the query
    precede those.
    """
    fragment = ""
    if "#" in text:
        text, _, fragment = text.partition("#")
    base, _, query = text.partition("?")
    if "=" in fragment:
        behind = fragment.replace("?", "&").replace("#", "&")
        query = f"{query}&{behind}" if query else behind
    return base, query


def parameters(query: str) -> dict[str, str]:
    """Return the parameters of a query by name, percent-decoded as UTF-8; invalid bytes become U+FFFD.

    Of a name that repeats, the first value that is not blank counts. Only the first 200 parameters are read.
    """
    found: dict[str, str] = {}
    for pair in query.split("&", _PARAMETERS)[:_PARAMETERS]:
        name, _, value = pair.partition("=")
        if name and not found.get(name := _plain(name), "").strip():
            found[name] = _plain(value)
    return found


@lru_cache(maxsize=_CACHED)
def _known_host(text: str) -> str:
    return read_host(text)


def read_host(text: str) -> str:
    """Return the host of what is between `//` and the path, without port, in lower-case ASCII; '' if it is invalid."""
    if text.startswith("["):
        return _ip6_host(text)
    host, colon, port = text.rpartition(":")
    if not colon:
        host = text
    elif port and not (port.isascii() and port.isdigit() and int(port[:6]) < 65_536):
        return ""
    host = (unquote(host) if "%" in host else host).lower().removesuffix(".")
    if not host.isascii():
        try:
            host = idna.encode(host[:253], uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return ""
    well_formed = len(host) <= 253 and _HOST.issuperset(host) and ".." not in host and not host.startswith(".")
    return host if well_formed else ""


def _plain(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _read_place(base: str) -> tuple[str, str] | Invalid:
    """Return (host, path) of an address without query and fragment."""
    base = base.strip()
    scheme, colon, rest = base.partition("://")
    if not colon or scheme.lower() not in ("http", "https"):
        return Invalid(Reason.BAD_URL, "is no full address: it must begin with http:// or https://")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        return Invalid(Reason.BAD_URL, "has a user name or password before its host: send it without")
    host = _known_host(authority) if len(authority) <= _LONG else ""
    if not host:
        return Invalid(Reason.BAD_URL, "has no host, or one that cannot be")
    if not base.isprintable() and any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in path):
        return Invalid(Reason.BAD_URL, "has a control character in its path")
    return host, normal_path(slash + path) if path else "/"


_place = lru_cache(maxsize=_CACHED)(_read_place)


def _ip6_host(text: str) -> str:
    address, bracket, port = text[1:].partition("]")
    if not bracket or (port and not (port[0] == ":" and (port[1:] or "0").isdigit())):
        return ""
    try:
        return f"[{IPv6Address(address).compressed}]" if "%" not in address else ""
    except AddressValueError:
        return ""
