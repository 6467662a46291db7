"""Signatures of webhooks by shared secrets. Each comparison takes the same time, wherever two values differ."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

Encoding = Literal["hex", "base64"]


def matches_hmac(
    secrets: Iterable[str | bytes],
    message: bytes,
    signature: str,
    algorithm: Literal["sha1", "sha256"] = "sha256",
    encoding: Encoding = "hex",
    prefix: str = "",
) -> bool:
    """Return whether the signature is the HMAC of the message under one of the secrets.

    `prefix` is text in front of the encoded signature, such as `sha256=`. No secret matches nothing.
    """
    if not signature.startswith(prefix):
        return False
    given = _bytes_of(signature[len(prefix) :], encoding)
    matched = False
    for secret in secrets:
        key = secret.encode() if isinstance(secret, str) else secret
        # An empty key would accept what anyone can compute.
        matched |= bool(key) and hmac.compare_digest(hmac.digest(key, message, algorithm), given)
    return matched


def matches_secret(secrets: Iterable[str], given: str) -> bool:
    """Return whether a token or password is one of the secrets."""
    digest = sha256(given.encode("utf-8", "surrogatepass")).digest()
    matched = False
    for secret in secrets:
        matched |= bool(secret) and hmac.compare_digest(sha256(secret.encode()).digest(), digest)
    return matched


def matches_basic(secrets: Iterable[str], authorization: str) -> bool:
    """Return whether an `Authorization` header has one of the secrets, each written `user:password`."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return False
    return matches_secret(secrets, _bytes_of(credentials.strip(), "base64").decode("utf-8", "replace"))


def signed_form(url: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Return what schemes over form fields sign: the URL, then each name with its value, sorted, no pair twice."""
    return "".join([url, *(name + value for name, value in sorted(set(fields)))]).encode("utf-8", "surrogatepass")


def is_recent(timestamp: str, now_ms: int, tolerance_s: int, unit_ms: int = 1_000) -> bool:
    """Return whether a numeric timestamp differs from now by at most the tolerance. `unit_ms`: 1000 for seconds."""
    text = timestamp.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        return False
    return abs(int(text) * unit_ms - now_ms) <= tolerance_s * 1_000


def encode_base64(value: bytes) -> str:
    """Return bytes as base64 text."""
    return b64encode(value).decode()


def _bytes_of(text: str, encoding: Encoding) -> bytes:
    """Return decoded bytes; none for text of another form, which then matches nothing."""
    try:
        return bytes.fromhex(text) if encoding == "hex" else b64decode(text, validate=True)
    except (ValueError, Error):
        return b""
