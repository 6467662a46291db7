"""The form of a webhook's request in the quarantine and in files: the head of an HTTP request, and its body.

    POST /v1/hooks/sendgrid/shop
    content-type: application/json

    [{"event": "delivered", ...}]

Of the headers it has those that the adapter's mapping reads, and never a signature or a credential.
"""

from collections.abc import Mapping
from hashlib import blake2b
from re import compile as pattern
from typing import Final, NamedTuple

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Provider

PATH: Final = "/v1/hooks/"
REMOVED: Final = b"[removed]"  # in place of a configured secret
_PLACE: Final = "hooks."
_OFFSET_BITS: Final = 59  # 18 decimal digits, as the offsets of records
_LINE: Final = pattern(rf"[A-Z]+ {PATH}([a-z0-9_-]+)/([a-z0-9_-]+)(?: HTTP/1\.[01])?")
_CONTROL: Final = pattern(r"[\x00-\x1f\x7f]")


class KeptRequest(NamedTuple):
    """A request that was kept. Provider and source are empty for a bare body."""

    provider: str
    source: str
    headers: Mapping[str, str]
    body: bytes

    def as_request(self, received_at_ms: int) -> HookRequest:
        """Return the request for the adapter's mapping."""
        path = f"{PATH}{self.provider}/{self.source}"
        return HookRequest("POST", path, {}, self.headers, self.body, received_at_ms)


def encode_kept(provider: Provider, source: HookSource, request: HookRequest) -> bytes:
    """Return what is kept of a request, without credentials."""
    lines = [f"POST {PATH}{provider.name}/{source.name}"]
    for name in provider.kept_headers:
        if value := request.headers.get(name):
            lines.append(f"{name}: {_CONTROL.sub(' ', value)}")
    head = "\n".join([*lines, "", ""]).encode("utf-8", "replace")
    body = provider.keep(request.body)
    for secret in source.secrets:
        if secret:
            body = body.replace(secret.encode(), REMOVED)
    return head + body


def read_kept(content: bytes) -> KeptRequest:
    """Return a kept request. Content without the first line of a request is a body."""
    lines_end = content.find(b"\n\n")
    separator = 2
    if b"\r\n\r\n" in content and (lines_end < 0 or content.find(b"\r\n\r\n") < lines_end):
        lines_end, separator = content.find(b"\r\n\r\n"), 4
    first, *others = content[: max(lines_end, 0)].decode("utf-8", "replace").split("\n")
    line = _LINE.fullmatch(first.rstrip("\r"))
    if line is None:
        return KeptRequest("", "", {}, content)
    headers = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in others)}
    return KeptRequest(line[1], line[2], headers, content[lines_end + separator :])


def place_of(provider: str, source: str, kept: bytes) -> tuple[str, int]:
    """Return the place of a kept request in the quarantine: a name where others have a topic, and an offset.

    The offset is a hash of the content, so a request that the provider repeats is the same row.
    """
    digest = int.from_bytes(blake2b(kept, digest_size=8).digest(), "big")
    return f"{_PLACE}{provider}.{source}", digest >> (64 - _OFFSET_BITS)


def is_place(topic: str) -> bool:
    """Return whether the first part of a place is that of a kept request and no topic."""
    return topic.startswith(_PLACE) and topic.count(".") == 2
