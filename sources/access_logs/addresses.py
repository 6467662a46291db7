"""The client of a request: a normalised IP address, or a host name.

A log may write an address with a port, in brackets, with a zone, in upper case, or as an IPv4-mapped IPv6 address (RFC
4291, section 2.5.5.2). All spellings are normalised to the form of RFC 5952, so that one client is one visitor.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

_LONGEST_NAME: Final = 253
_PARAMETERS: Final = frozenset(["for", "by", "host", "proto", ""])
_LONGEST_LIST: Final = 1_024
_PORT = re.compile(r":\d{1,5}\Z", re.ASCII)
_NAME = re.compile(r"[a-z0-9_]++(?:(?:\.|-++)[a-z0-9_]++)*+\Z", re.ASCII)
_LETTER = re.compile(r"[a-z]")
_NO_CLIENT = frozenset(["unknown", "unix", "undefined", "null", "none"])
_PRIVATE = [
    ip_network(one)
    for one in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
]
"""Networks that are not routed on the internet (RFC 1918, 4193, 6598); load balancers and proxies have such
addresses."""


class Client(NamedTuple):
    """`text`: the address or the host name. `is_address`: False means a host name. `is_public`: whether it is an
    address that is routed on the internet."""

    text: str
    is_address: bool
    is_public: bool


def read_client(text: str) -> Client | None:
    """Return the client that a field names. None means neither an address nor a host name: `-`, `unknown`, or the path
    of a socket."""
    return _read_client(text) if len(text) <= _LONGEST_NAME else None


@lru_cache(maxsize=8192)
def _read_client(text: str) -> Client | None:
    address = _address(text)
    if address is not None:
        return Client(str(address), True, not any(address in one for one in _PRIVATE))
    name = text.lower().removesuffix(".")
    if name in _NO_CLIENT or not _LETTER.search(name) or not _NAME.match(name):
        return None
    return Client(name, False, False)


def is_address(text: str) -> bool:
    """Return whether a text is an address and not a host name."""
    client = read_client(text)
    return client is not None and client.is_address


def read_address(text: str) -> Client | None:
    """Return the address that a field holds, or None for anything else."""
    client = read_client(text.strip(' "'))
    return client if client is not None and client.is_address else None


def choose_client(remote: str, forwarded: str) -> Client | None:
    """Return the client of a request from `remote` with an `X-Forwarded-For` list, which may be empty.

    Every proxy appends the address that connected to it, so the first one is the client. Private addresses count only
    without a public one: they are proxies, or clients behind a proxy whose address is in the list.
    """
    connected = read_client(remote)
    listed = forwarded_addresses(forwarded) if forwarded else []
    chosen = first_public([*listed, *([connected] if connected is not None else [])])
    return chosen if chosen is not None else connected


def forwarded_addresses(text: str) -> list[Client]:
    """Return the addresses of an `X-Forwarded-For` list or a `Forwarded` header (RFC 7239), without other items."""
    found = []
    for item in text[:_LONGEST_LIST].replace('\\"', '"').split(","):
        if "=" in item:
            item = next(
                (one.partition("=")[2] for one in item.split(";") if one.strip().lower().startswith("for=")), ""
            )
        if address := read_address(item):
            found.append(address)
    return found


def is_forwarded_list(text: str) -> bool:
    """Return whether a field has only addresses, or is a `Forwarded` header, with at least one address."""
    items = [one.strip() for one in text.split(",")]
    return bool(forwarded_addresses(text)) and all(
        read_address(one) or one in ("unknown", "-") or _is_element(one) for one in items
    )


def _is_element(item: str) -> bool:
    """Return whether an item is an element of a `Forwarded` header: `for=198.51.100.7;proto=https` (RFC 7239, 4)."""
    return all(pair.partition("=")[0].strip().lower() in _PARAMETERS for pair in item.split(";"))


def first_public(clients: Iterable[Client]) -> Client | None:
    """Return the first public address, else the first address, else None."""
    first = None
    for one in clients:
        if one.is_public:
            return one
        if first is None and one.is_address:
            first = one
    return first


def _address(text: str) -> IPv4Address | IPv6Address | None:
    if text.startswith("["):
        text, bracket, port = text[1:].partition("]")
        if not bracket or (port and not _PORT.match(port)):
            return None
    elif text.count(":") == 1 or (text.count(":") == 8 and "::" not in text):
        text = _PORT.sub("", text)
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
