"""What an adapter of a provider is: a pure pair `verify` and `map`, and the answer that the provider expects."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest


class Verdict(Enum):
    """Whether a request is the provider's. The values are labels of a metric."""

    GENUINE = "genuine"
    FORGED = "forged"
    STALE = "stale"  # genuine, but older than the provider documents as its tolerance


class HookSource(NamedTuple):
    """One configured sender of a provider's webhooks."""

    provider: str
    name: str  # the last part of the path
    secrets: tuple[str, ...]  # each is valid, so that a secret can be rotated without a gap
    options: Mapping[str, str] = {}  # the provider's own, such as a token or a topic


class Unmappable(NamedTuple):
    """A genuine request of which no touch can be made. It is kept with its bytes, and mapped again on request."""

    detail: str


class HookAnswer(NamedTuple):
    """An answer that a provider's protocol requires."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[bytes, bytes], ...] = ()


Verify = Callable[[HookRequest, HookSource], Verdict]
Map = Callable[[HookRequest, HookSource], Sequence[Collected] | Unmappable]


def answer_nothing(request: HookRequest, source: HookSource) -> HookAnswer | None:
    """Return None: the request is verified, mapped and answered with 200."""
    return None


class Provider(NamedTuple):
    """An adapter. All functions are pure, and none raises for any bytes."""

    name: str
    verify: Verify
    map: Map
    """Returns no touch for an event that is none, such as a deferred delivery or a test."""
    challenge: Callable[[HookRequest, HookSource], HookAnswer | None] = answer_nothing
    """Returns the answer to a request that only sets up the webhook. It is asked before `verify`."""
    accepted: HookAnswer = HookAnswer(200)
    """The answer to a genuine request whose touches are durable."""
    busy_status: int = 503
    """The status while touches cannot be stored, where the provider repeats the request after it."""
