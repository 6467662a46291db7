"""Entries in a file, for a collector with a spool that starts while Kafka is away.

The file holds no secret, only hashes and entries: the same records as the topic, as a msgpack list. It is replaced as a
whole (rename is atomic), and a damaged one counts as missing, because the topic has everything.
"""

import os
from pathlib import Path
from typing import Final

import msgspec

from sources.collector.keys.entry_layout import E, EntryError, EntryLayout
from sources.collector.keys.key_table import KeyTable

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]]).decode


def save_entries(path: Path, layout: EntryLayout[E], entries: dict[bytes, E]) -> None:
    """Replace the file by one with these entries, readable by its owner alone. Raises OSError."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_encode([(key_hash, layout.encode(entry)) for key_hash, entry in entries.items()]))
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def load_entries(path: Path, layout: EntryLayout[E]) -> KeyTable[E] | None:
    """Return the saved entries; None if there is no file that can be read."""
    table = KeyTable[E]()
    try:
        for key_hash, value in _decode(path.read_bytes()):
            entry = layout.decode(key_hash, value)
            if entry is not None:
                table.put(key_hash, entry)
    except (OSError, msgspec.DecodeError, EntryError):
        return None
    return table
