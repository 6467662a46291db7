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


def keep_all(body: bytes) -> bytes:
    """Return the whole body: it holds no credentials."""
    return body


def name_no_url(request: HookRequest, source: HookSource) -> str:
    """Return '': nothing is fetched."""
    return ""


def sign_no_token(request: HookRequest, source: HookSource) -> str:
    """Return '': the signature covers the event, so a repeated request is the same event."""
    return ""


def accept_options(source: HookSource) -> str:
    """Return '': any values will do."""
    return ""


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
    kept_headers: tuple[str, ...] = ()
    """Headers that `map` reads, in lower case. The quarantine keeps them with the body, so they hold no credentials."""
    keep: Callable[[bytes], bytes] = keep_all
    """Returns the body as the quarantine may keep it: without credentials. Configured secrets are removed besides."""
    needs_secret: bool = True
    """Whether a source without a secret is an error, as for all but providers who sign with a public certificate."""
    signs_url: bool = False
    """Whether `verify` reads the request's URL, so that the public address of the collector has to be configured."""
    options: tuple[str, ...] = ()
    """Names of the options that a source may have."""
    file_options: tuple[str, ...] = ()
    """Options that may name a file `*.toml`; their value is then its text."""
    check: Callable[[HookSource], str] = accept_options
    """Returns what is wrong with the secrets or options of a source and what to do, or ''. It is called at start."""
    certificate_url: Callable[[HookRequest, HookSource], str] = name_no_url
    """Returns the address of the certificate that `verify` needs as `request.certificate`, '' for none. It is fetched
    from there before anything is verified, so it must be checked to be the provider's."""
    confirmation_url: Callable[[HookRequest, HookSource], str] = name_no_url
    """Returns the address that is called to confirm a subscription, once the request is verified; '' for none."""
    token: Callable[[HookRequest, HookSource], str] = sign_no_token
    """Returns what a genuine request has been signed by where the signature does not cover the event. The endpoint
    accepts a token with one body only, for as long as `verify` takes a request with it for recent."""
