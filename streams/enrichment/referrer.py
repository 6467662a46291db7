"""The class of a referrer, by its host."""

from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from streams.enrichment.referrer_hosts import BRANDS, MAIL, OTHER, SEARCH, SOCIAL
from streams.enrichment.registrable_domain import site
from streams.enrichment.url import read_host

_CACHED: Final = 16_384
_LONG: Final = 1_000


class ReferrerClass(StrEnum):
    """Values of the column `referrer_class`."""

    SEARCH = "search"
    SOCIAL = "social"
    MAIL = "mail"
    INTERNAL = "internal"  # a page of the same site
    DIRECT = "direct"  # none: typed, bookmarked, or withheld by the browser
    OTHER = "other"


class Referrer(NamedTuple):
    """A referrer's class and name.

    `name` of a known host is its brand (`google`), of another one the host without `www.`; '' for internal and direct.
    """

    kind: ReferrerClass
    name: str


DIRECT: Final = Referrer(ReferrerClass.DIRECT, "")
INTERNAL: Final = Referrer(ReferrerClass.INTERNAL, "")


def _known() -> dict[str, Referrer | None]:
    """Return the referrer of a host, or None if it only resembles a known one."""
    hosts: dict[str, Referrer | None] = dict.fromkeys(OTHER.split())
    for kind, list_ in ((ReferrerClass.SEARCH, SEARCH), (ReferrerClass.SOCIAL, SOCIAL), (ReferrerClass.MAIL, MAIL)):
        hosts |= {host: Referrer(kind, name) for name, names in list_.items() for host in names.split()}
    return hosts


_HOSTS: Final = _known()
_BRANDS: Final = {name: Referrer(ReferrerClass(kind), name) for name, kind in BRANDS.items()}


def referrer_host(text: str) -> str:
    """Return the host of a referrer as the browser or the log has it; '' if it is empty, `-` or invalid.

    The host of an app is its package (`android-app://com.google.android.gm/`). An invalid referrer is not the
    producer's fault, so it is never refused.
    """
    scheme, colon, rest = text.strip().partition("://")
    if not colon or len(rest) > _LONG * 10 or scheme.lower() not in ("http", "https", "android-app", "ios-app"):
        return ""
    authority = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    return _host(authority.rpartition("@")[2]) if len(authority) <= _LONG else ""


@lru_cache(maxsize=_CACHED)
def classify(referrer_host: str, own_host: str) -> Referrer:
    """Return the referrer of a visit to `own_host`; hosts are as `referrer_host` and `split_url` return them.

    A page of the same registered domain is internal, even if it is also a known host.
    """
    if not referrer_host:
        return DIRECT
    if own_host and (referrer_host == own_host or site(referrer_host) == site(own_host)):
        return INTERNAL
    other = Referrer(ReferrerClass.OTHER, referrer_host.removeprefix("www."))
    rest = referrer_host
    while rest:
        if rest in _HOSTS:
            return _HOSTS[rest] or other
        rest = rest.partition(".")[2]
    return _brand(referrer_host) or other


def _brand(host: str) -> Referrer | None:
    """Return the brand of a host under the domain of a country (`www.google.co.uk`).

    Under a generic domain anybody may have registered the name.
    """
    name, _, suffix = site(host).partition(".")
    return _BRANDS.get(name) if len(suffix.rpartition(".")[2]) == 2 else None


_host = lru_cache(maxsize=_CACHED)(read_host)
