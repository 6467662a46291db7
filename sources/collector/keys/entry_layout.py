"""The records of a topic of entries, such as `write-keys`: the key is the SHA-256 of a secret, the value its entry.

A value is one byte, the version of its layout, and the entry as a msgpack map, so that later versions may add fields
with a default. The topic is compacted and the last record of a hash counts. A revoked secret keeps its entry with the
field `revoked`: it stays in the list, and a process that reads the topic later than others finds it there.
"""

from typing import Final, Generic, Protocol, TypeVar

import msgspec

from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.key_format import PREFIX

LAYOUT: Final = 1
HASH_BYTES: Final = 32
_encode: Final = msgspec.msgpack.Encoder().encode


class Entry(Protocol):
    """What all entries have."""

    @property
    def created_at_ms(self) -> int:
        """When the secret was created, in milliseconds since 1970."""

    @property
    def revoked(self) -> bool:
        """Whether the secret is not valid any more."""


E = TypeVar("E", bound=Entry)


class EntryError(Exception):
    """A record of the topic that is no entry; the message says why."""


class EntryLayout(Generic[E]):
    """Records of entries of one msgspec type.

    `noun` names their secrets in messages, `command` creates, lists and revokes them, and `prefix` is how they begin.
    """

    def __init__(self, entry: type[E], noun: str, command: str, prefix: str) -> None:
        self.noun: Final = noun
        self.command: Final = command
        self.prefix: Final = prefix
        self._decode: Final = msgspec.msgpack.Decoder(entry).decode

    def encode(self, entry: E) -> bytes:
        """Return the value of an entry's record."""
        return bytes((LAYOUT,)) + _encode(entry)

    def decode(self, key_hash: bytes | None, value: bytes | None) -> E | None:
        """Return the entry of a record; None for a tombstone, which removes the entry. Raises EntryError."""
        if key_hash is None or len(key_hash) != HASH_BYTES:
            raise EntryError(f"its key is not a hash of {HASH_BYTES} bytes")
        if value is None:
            return None
        if value[:1] != bytes((LAYOUT,)):
            known = f"this version of Touchline knows {LAYOUT}"
            raise EntryError(f"its layout is {value[0] if value else 'missing'}, {known}")
        try:
            return self._decode(value[1:])
        except msgspec.DecodeError as error:
            raise EntryError(str(error)) from error


WRITE_KEYS: Final = EntryLayout(KeyEntry, "write key", "touchline key", PREFIX)
