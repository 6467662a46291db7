"""Event ids of touches whose clients give none: of the key, the content and the position within it.

A client that repeats a request, because its answer was lost, sends the same content, so its touches have the same ids
and count once.
"""

from hashlib import blake2b
from typing import Final

from sources.collector.keys.entry import KeyEntry

_ID_BYTES: Final = 12


def hash_of(entry: KeyEntry, content: bytes) -> str:
    """Return the hash of a request's uncompressed body, or of one event in it, for this key."""
    return blake2b(content, digest_size=_ID_BYTES, key=entry.key_id.encode()[: blake2b.MAX_KEY_SIZE]).hexdigest()


def derived_id(content_hash: str, position: int) -> str:
    """Return the event id of the touch at a position in the content."""
    return f"{content_hash}-{position}"
