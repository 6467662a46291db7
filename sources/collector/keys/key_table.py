"""The entries of all write keys, or of other secrets, in memory, by the SHA-256 of the secret."""

from typing import Generic

from sources.collector.keys.entry_layout import E
from sources.collector.keys.key_format import LARGEST_KEY, hash_key


class KeyTable(Generic[E]):
    """A directory whose entries are put into it; the last one of a hash counts.

    A look-up compares hashes, so its duration depends on the hash of what a client sent and tells it nothing about the
    keys that exist.
    """

    def __init__(self) -> None:
        self._entries: dict[bytes, E] = {}

    def put(self, key_hash: bytes, entry: E) -> None:
        """Set the entry of a key's hash."""
        self._entries[key_hash] = entry

    def remove(self, key_hash: bytes) -> None:
        """Remove the entry of a key's hash, so that the key is unknown."""
        self._entries.pop(key_hash, None)

    def find(self, key: str) -> E | None:
        """Return the entry of a secret; None if the key is unknown or revoked."""
        if len(key) > LARGEST_KEY:
            return None
        entry = self._entries.get(hash_key(key))
        return None if entry is None or entry.revoked else entry

    def ready(self) -> str | None:
        """Return None: what was put into the table can be looked up."""
        return None

    def entries(self) -> dict[bytes, E]:
        """Return all entries by hash, revoked ones included."""
        return dict(self._entries)
