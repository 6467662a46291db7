"""Opaque keys of profiles for addresses, so that no identifier is in a log, a history or a header `Referer`.

A key is the identifier under AES-SIV (RFC 5297) with the tenant as associated data: the same for the same profile, and
to be read only with the secret of the API.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV


class ProfileKeys:
    """Keys of profiles by the secret of the API."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESSIV(hmac.digest(secret, b"profile keys", hashlib.sha512))

    def key_of(self, tenant: str, identifier: str) -> str:
        """Return the key of a profile."""
        sealed = self._cipher.encrypt(identifier.encode("utf-8", "surrogatepass"), [tenant.encode()])
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def profile_of(self, tenant: str, key: str) -> str | None:
        """Return the identifier of a key; None if it is no key of this tenant."""
        try:
            sealed = urlsafe_b64decode(key + "=" * (-len(key) % 4))
            return self._cipher.decrypt(sealed, [tenant.encode()]).decode("utf-8", "surrogatepass")
        except (ValueError, InvalidTag):
            return None
