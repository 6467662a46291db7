"""The format of write keys and other secrets: a prefix, then 40 characters of 168 random bits and a CRC-32 of them.

The fixed prefix (`tl_` of write keys) lets secret scanners and `redaction.py` find keys in any text, and the checksum
tells a mistyped key from an unknown one without a look-up. Characters are those of base32 (RFC 4648) in lower case,
which need no escape in a URL, a header, JSON or a shell.
"""

import hashlib
import re
import secrets
import zlib
from base64 import b32decode, b32encode
from typing import Final

PREFIX: Final = "tl_"  # of write keys
RANDOM_BYTES: Final = 21
_ID_LENGTH: Final = 10
LARGEST_KEY: Final = 200  # characters; a longer text is not hashed
_CONTENT: Final = re.compile(r"[a-z2-7]{40}")


def new_key(prefix: str = PREFIX) -> str:
    """Return a new write key, or secret of another prefix, from the system's source of randomness."""
    return make_key(secrets.token_bytes(RANDOM_BYTES), prefix)


def make_key(random: bytes, prefix: str = PREFIX) -> str:
    """Return the write key that contains these random bytes."""
    content = random + zlib.crc32(random).to_bytes(4, "big")
    return prefix + b32encode(content).decode().lower()


def is_well_formed(text: str, prefix: str = PREFIX) -> bool:
    """Return whether a text has the form of a write key, or secret of another prefix, and the right checksum."""
    encoded = text.removeprefix(prefix)
    if encoded == text or not _CONTENT.fullmatch(encoded):
        return False
    content = b32decode(encoded.upper())
    return zlib.crc32(content[:RANDOM_BYTES]).to_bytes(4, "big") == content[RANDOM_BYTES:]


def hash_key(key: str) -> bytes:
    """Return the SHA-256 of a key, under which its entry is stored.

    A slow password hash would protect guessable passwords; 168 random bits cannot be guessed, whatever the hash.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def key_id_of(key_hash: bytes) -> str:
    """Return the id that names a key in lists, logs and metrics: 50 bits of a hash of its hash."""
    return b32encode(hashlib.sha256(key_hash).digest()).decode().lower()[:_ID_LENGTH]
