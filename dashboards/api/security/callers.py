"""Checks of a request before anything handles it: the host it names, and the page that a browser sent it from."""

from collections.abc import Set as AbstractSet
from typing import Final
from urllib.parse import urlsplit

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def host_name(header: str) -> str:
    """Return the name of a header Host, without the port; lower case."""
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


def is_known_host(header: str, hosts: AbstractSet[str]) -> bool:
    """Return whether a request names a host of this API; any if `hosts` is empty.

    A page of another site can be made to resolve to this machine (DNS rebinding), and then sends that site's name.
    """
    return not hosts or host_name(header) in hosts


def is_from_own_page(method: str, host: str, origin: str | None, fetch_site: str | None) -> bool:
    """Return whether a request may change something: it is no browser's, or it was sent from a page of this API.

    Browsers send the origin "null" from pages that send no referrer, so their header Sec-Fetch-Site decides.
    """
    if method in SAFE:
        return True
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()
