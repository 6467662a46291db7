"""What the endpoint of webhooks needs besides what all endpoints share."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from sources.collector.hook_tokens import HookTokens
from sources.collector.sink import RawRecord
from sources.hooks.mapped_request import Hook


class QuarantinedRequest(NamedTuple):
    """A genuine request that cannot be mapped: its place (`sources.hooks.kept_request`), why, and what is kept."""

    topic: str
    offset: int
    detail: str
    kept: bytes
    received_at_ms: int


class FetchError(Exception):
    """An address that did not answer as expected. The provider repeats the request."""


class Fetcher(Protocol):
    """Fetches from addresses that an adapter has checked to be its provider's."""

    async def certificate(self, url: str) -> bytes:
        """Return a certificate, which is fetched once. Raises FetchError."""

    async def call(self, url: str) -> None:
        """Send a GET to the address. Raises FetchError if it is not answered with 200."""


class HookServices(NamedTuple):
    """The configured webhooks of one collector."""

    hooks: Mapping[tuple[str, str], Hook]  # by provider and source
    public_url: str  # of the collector, as providers call it; '' if it is not configured
    quarantine: Callable[[QuarantinedRequest], RawRecord]
    fetcher: Fetcher
    tokens: HookTokens
