"""What a collector is started with: limits and the few settings that endpoints read."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Final

NATIVE_BODY_BYTES: Final = 500_000
SEGMENT_BODY_BYTES: Final = 5_000_000  # RudderStack's Python SDK cuts a batch behind the event that passes 4 MiB
HOOK_BODY_BYTES: Final = 4_000_000  # the quarantine keeps 4 MiB of a request
TOUCH_BYTES: Final = 32_000
VISITOR_SECRET_BYTES: Final = 32
DEEPEST: Final = 32  # levels of JSON, as in the contract
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of a connection. Times are in seconds."""

    head_bytes: int = 16_384
    head_s: float = 10.0  # from the first byte of a request to the end of its head; also for a new connection
    idle_body_s: float = 15.0  # between two pieces of a body
    body_s: float = 60.0  # for the whole body
    keep_alive_s: float = 30.0  # between two requests
    discarded_bytes: int = 16_000_000  # of a body that goes on after its answer
    connections: int = 15_000


@dataclass(frozen=True, slots=True)
class CollectorConfig:
    """The settings of a collector."""

    topic_prefix: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    visitor_secret: bytes = bytes(VISITOR_SECRET_BYTES)  # for daily ids of visitors without a cookie
    demo_key: str = ""  # the write key of the demo site; "": there is none
    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
