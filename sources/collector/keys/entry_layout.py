"""The records of the topic `write-keys`: the key is the SHA-256 of a write key, the value its entry.

A value is one byte, the version of its layout, and the entry as a msgpack map, so that later versions may add fields
with a default. The topic is compacted and the last record of a hash counts. A revoked key keeps its entry with the
field `revoked`: it stays in the list of keys, and a collector that reads the topic later than others finds it there.
"""

from typing import Final

import msgspec

from sources.collector.keys.entry import KeyEntry

LAYOUT: Final = 1
HASH_BYTES: Final = 32
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(KeyEntry).decode


class EntryError(Exception):
    """A record of the topic that is no entry of a write key; the message says why."""


def encode_entry(entry: KeyEntry) -> bytes:
    """Return the value of an entry's record."""
    return bytes((LAYOUT,)) + _encode(entry)


def decode_entry(key_hash: bytes | None, value: bytes | None) -> KeyEntry | None:
    """Return the entry of a record; None for a tombstone, which removes the entry. Raises EntryError."""
    if key_hash is None or len(key_hash) != HASH_BYTES:
        raise EntryError(f"its key is not a hash of {HASH_BYTES} bytes")
    if value is None:
        return None
    if value[:1] != bytes((LAYOUT,)):
        raise EntryError(f"its layout is {value[0] if value else 'missing'}, this version of Touchline knows {LAYOUT}")
    try:
        return _decode(value[1:])
    except msgspec.DecodeError as error:
        raise EntryError(str(error)) from error
