"""Signatures as providers make them, written out apart from the product's own."""

import hashlib
import hmac
from base64 import b64encode


def hmac_hex(secret: str, message: bytes, algorithm: str = "sha256") -> str:
    """Return an HMAC in hexadecimal digits."""
    return hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).hexdigest()


def hmac_base64(secret: str, message: bytes, algorithm: str = "sha256") -> str:
    """Return an HMAC in base64."""
    return b64encode(hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).digest()).decode()
