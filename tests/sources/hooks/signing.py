"""Signatures as providers make them, written out apart from the product's own."""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping


def hmac_hex(secret: str, message: bytes, algorithm: str = "sha256") -> str:
    """Return an HMAC in hexadecimal digits."""
    return hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).hexdigest()


def hmac_base64(secret: str, message: bytes, algorithm: str = "sha256") -> str:
    """Return an HMAC in base64."""
    return b64encode(hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).digest()).decode()


def jwt(secret: str, claims: Mapping[str, object], algorithm: str = "HS256") -> str:
    """Return a JSON Web Token (RFC 7519); its signature is empty for the algorithm `none`."""
    parts = [json.dumps(part).encode() for part in ({"alg": algorithm, "typ": "JWT"}, claims)]
    signed = b".".join(map(_base64url, parts))
    hashed = {"HS256": "sha256", "HS512": "sha512"}.get(algorithm)
    signature = hmac.new(secret.encode(), signed, hashed).digest() if hashed else b""
    return b".".join((signed, _base64url(signature))).decode()


def _base64url(value: bytes) -> bytes:
    return urlsafe_b64encode(value).rstrip(b"=")


def basic(secret: str) -> str:
    """Return the header `Authorization` for a secret `user:password`."""
    return "Basic " + b64encode(secret.encode()).decode()
