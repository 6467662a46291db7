"""A password as it is kept: salt and SHA-256 of salt and password, from which the password cannot be had back.

One round of SHA-256 is enough here and costs nothing per request: the passwords that `touchline up` makes have 144 bits
and more, so they cannot be guessed; slow hashes (scrypt, Argon2) are for passwords that people choose and repeat.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Self

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Secret:
    """`str()` gives the text that `read` reads: salt and digest in hexadecimal, a colon between them."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        """Make the secret of a password, with a new salt."""
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(salt, _digest(salt, password))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a secret's text. Raises ValueError."""
        salt, colon, digest = text.partition(":")
        secret = cls(bytes.fromhex(salt), bytes.fromhex(digest))
        if not colon or len(secret.salt) < SALT_BYTES or len(secret.digest) != hashlib.sha256().digest_size:
            raise ValueError("password_sha256 is not SALT:DIGEST in hexadecimal")
        return secret

    def matches(self, password: str) -> bool:
        """Say whether this is the password, in constant time."""
        return hmac.compare_digest(self.digest, _digest(self.salt, password))

    def __str__(self) -> str:
        return f"{self.salt.hex()}:{self.digest.hex()}"


def _digest(salt: bytes, password: str) -> bytes:
    return hashlib.sha256(salt + password.encode("utf-8", "surrogatepass")).digest()
