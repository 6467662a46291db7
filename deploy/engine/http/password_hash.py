"""Password hashes: a salt, and the SHA-256 of salt and password.

One round of SHA-256 is enough and cheap per request, because the passwords that `touchline up` makes have at least 144
bits and cannot be guessed. Slow hashes (scrypt, Argon2) are for passwords that people choose and reuse.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Self

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A hash; `str()` returns the text that `read` parses: salt and digest in hexadecimal, separated by a colon."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        """Hash a password with a new salt."""
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(salt, _digest(salt, password))

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse the text of a hash. Raises ValueError."""
        salt, colon, digest = text.partition(":")
        secret = cls(bytes.fromhex(salt), bytes.fromhex(digest))
        if not colon or len(secret.salt) < SALT_BYTES or len(secret.digest) != hashlib.sha256().digest_size:
            raise ValueError("password_sha256 is not SALT:DIGEST in hexadecimal")
        return secret

    def matches(self, password: str) -> bool:
        """Return whether this is the password, in constant time."""
        return hmac.compare_digest(self.digest, _digest(self.salt, password))

    def __str__(self) -> str:
        return f"{self.salt.hex()}:{self.digest.hex()}"


def _digest(salt: bytes, password: str) -> bytes:
    return hashlib.sha256(salt + password.encode("utf-8", "surrogatepass")).digest()
