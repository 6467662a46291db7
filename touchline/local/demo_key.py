"""The write key `demo` of a local system, with which a person can send the first touch at once.

The key is kept in the data folder, in a file of mode 0600, because the snippets that `touchline up` prints contain it.
"""

import time
from pathlib import Path
from typing import Final

from deploy.atomic_file import create_file
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key, is_well_formed, key_id_of, new_key
from touchline.errors import CliError
from touchline.serving.demo_key_file import NAME
from touchline.settings import Settings
from touchline.worker.key_topic import read_entries, store_entry
from touchline.worker.stages import topics_of

SOURCE: Final = "demo"


def demo_key(folder: Path) -> str:
    """Return the folder's demo key, created if it is missing. Raises CliError for a damaged file."""
    path = folder / NAME
    if not path.exists():
        create_file(path, f"{new_key()}\n".encode())
    key = path.read_bytes().decode("utf-8", "replace").strip()
    if not is_well_formed(key):
        raise CliError(f"{path} is damaged: delete it, and the next start of `touchline up` creates another demo key.")
    return key


def ensure_demo_key(settings: Settings) -> str:
    """Return the demo key, which Kafka knows then; "" if it was revoked. Raises CliError."""
    key = demo_key(settings.folder)
    key_hash, topic = hash_key(key), topics_of(settings).write_keys
    entry = read_entries(settings, topic, WRITE_KEYS).get(key_hash)
    if entry is None:
        now_ms = time.time_ns() // 1_000_000
        made = KeyEntry(key_id_of(key_hash), "main", SOURCE, (), (), 0, now_ms)
        store_entry(settings, topic, WRITE_KEYS, key_hash, made)
        return key
    return "" if entry.revoked else key
