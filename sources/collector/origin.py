"""Where a touch comes from: what the write key and the connection know takes precedence over what the client sends."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final, NamedTuple

import msgspec

from schemas.channels import CHANNELS
from sources.collector.config import Network
from sources.collector.keys.entry import KeyEntry
from sources.collector.request import Request

_OF_CONNECTION: Final = frozenset({"ip", "user_agent"})  # fields that a browser's connection fills
CHANNELS_OF_BROWSERS: Final = frozenset(
    channel for channel, model in CHANNELS.items() if model.model_fields.keys() >= _OF_CONNECTION
)
"""Channels whose model declares the fields of a browser's connection."""
_LONGEST_AGENT: Final = 8_000
_encode: Final = msgspec.json.Encoder().encode


class Origin(NamedTuple):
    """The fields of every touch of a request: `always` of all channels, `visit` of those that browsers fill."""

    always: Mapping[str, str]
    visit: Mapping[str, str]
    always_json: bytes  # as members of an object, behind a comma and before the closing brace
    visit_json: bytes

    def of(self, channel: str) -> Mapping[str, str]:
        """Return the fields for a touch of a channel."""
        return self.visit if channel in CHANNELS_OF_BROWSERS else self.always

    def json_of(self, channel: str) -> bytes:
        """Return the fields as JSON members."""
        return self.visit_json if channel in CHANNELS_OF_BROWSERS else self.always_json


def origin_of(entry: KeyEntry, request: Request, of_browser: bool | None = None) -> Origin:
    """Return the fields that key and connection determine.

    The address and the agent of the connection are the visitor's only if a browser sent the request. A server sends
    touches of others, and its own address would put all of them into its country. Browsers send `Origin` with every
    request of a script; `of_browser` is given by endpoints where they do not.
    """
    if of_browser is None:
        of_browser = b"origin" in request.headers
    if not of_browser:
        return _origin_of_server(entry.tenant, entry.source)
    always = {"tenant": entry.tenant, "source": entry.source}
    visit = {**always, "ip": request.peer_ip}
    if agent := request.headers.get(b"user-agent"):
        visit["user_agent"] = agent.decode("utf-8", "replace")[:_LONGEST_AGENT]
    return Origin(always, visit, _members(always), _members(visit))


_of_servers: dict[tuple[str, str], Origin] = {}


def _origin_of_server(tenant: str, source: str) -> Origin:
    """Return the origin of a key's servers; there are no more than keys."""
    found = _of_servers.get((tenant, source))
    if found is None:
        always = {"tenant": tenant, "source": source}
        found = _of_servers[tenant, source] = Origin(always, always, _members(always), _members(always))
    return found


def _members(fields: Mapping[str, str]) -> bytes:
    return b"," + _encode(fields)[1:-1]


def stamp(touch: Mapping[str, object], channel: str, origin: Origin) -> dict[str, object]:
    """Return the touch with the fields of its origin. Time of arrival is a header of the record, so a field of that
    name is dropped.
    """
    stamped = {**touch, **origin.of(channel)}
    stamped.pop("received_at", None)
    return stamped


def client_ip(peer: str, forwarded: bytes | None, trusted: tuple[Network, ...]) -> str:
    """Return the client's address: of X-Forwarded-For the last address that is no trusted proxy's.

    The header counts only if `peer` is a trusted proxy. Addresses before the returned one may be made up by the client.
    """
    if forwarded is None or not trusted or not _is_within(peer, trusted):
        return peer
    client = peer
    for part in reversed(forwarded.decode("latin-1").split(",")):
        address = _read_address(part)
        if address is None:
            break
        client = address
        if not _is_within(address, trusted):
            break
    return client


def _read_address(text: str) -> str | None:
    """Return an address without the port that some proxies add; None for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)  # a listener on `::` sees IPv4 clients so
    return any((mapped or parsed) in network for network in networks)
