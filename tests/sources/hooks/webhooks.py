"""Samples of webhooks: requests in our own words, each with the touches that it becomes."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from sources.collected import Collected
from sources.hooks import PROVIDERS
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Provider, Unmappable

NOW_MS: Final = 1_796_100_000_000
SECRET: Final = "a-key-of-the-source-with-40-bytes-or-so-"
OTHER_SECRET: Final = "another-key-with-as-many-bytes-as-that--"

encode_json: Final = msgspec.json.Encoder().encode


class Sample(NamedTuple):
    """A request before it is signed."""

    name: str
    payload: object  # JSON, fields of a form as a list of pairs, or a body as bytes
    touches: list[Collected] | Unmappable
    headers: Mapping[str, str] = {}
    options: Mapping[str, str] = {}


class Webhooks(NamedTuple):
    """The samples of a provider, and how it signs them."""

    sign: Callable[[HookRequest, str], HookRequest]  # of a request and a secret
    samples: tuple[Sample, ...]
    covers_body: bool = True  # whether the signature changes with each byte of the body
    tolerance_s: int | None = None  # None: the provider documents none
    configured: Callable[[str], str] = str  # what the settings of the source have for a secret, such as a public key


def webhooks_of(name: str) -> Webhooks:
    """Return the samples of a provider."""
    found = import_module(f"tests.sources.hooks.samples.{name}").WEBHOOKS
    assert isinstance(found, Webhooks)
    return found


def body_of(payload: object) -> bytes:
    """Return the body of a sample's payload."""
    if isinstance(payload, bytes):
        return payload
    if isinstance(payload, list) and payload and all(isinstance(field, tuple) for field in payload):
        return urlencode(payload).encode()
    return encode_json(payload)


def request_of(provider: str, sample: Sample, received_at_ms: int = NOW_MS) -> HookRequest:
    """Return the request of a sample, unsigned."""
    url = f"https://collect.example.org/v1/hooks/{provider}/main"
    return HookRequest("POST", url, {}, sample.headers, body_of(sample.payload), received_at_ms)


def source_of(provider: str, sample: Sample, *secrets: str) -> HookSource:
    """Return the source that a sample is sent to."""
    configured = map(webhooks_of(provider).configured, secrets or (SECRET,))
    return HookSource(provider, "main", tuple(configured), sample.options)


def with_headers(request: HookRequest, **headers: str) -> HookRequest:
    """Return a request with more headers; underscores in names are hyphens."""
    added = {name.replace("_", "-"): value for name, value in headers.items()}
    return request._replace(headers={**request.headers, **added})


def mapped(provider: Provider, request: HookRequest, source: HookSource) -> list[Collected] | Unmappable:
    """Return what a request becomes."""
    result = provider.map(request, source)
    return result if isinstance(result, Unmappable) else list(result)


def map_payload(
    provider: str, payload: object, options: Mapping[str, str] = {}, headers: Mapping[str, str] = {}
) -> list[Collected] | Unmappable:
    """Return what a payload becomes, as an adapter's own tests want it."""
    sample = Sample("", payload, [], headers, options)
    return mapped(PROVIDERS[provider], request_of(provider, sample), source_of(provider, sample))
