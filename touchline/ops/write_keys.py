"""Creating, listing and revoking the collector's write keys, as records of the topic `write-keys`."""

import re
from dataclasses import dataclass
from typing import Final

from schemas.channels import CHANNELS
from schemas.identifiers.identifier import is_name
from schemas.raw_touch import LONGEST_ID
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import LARGEST_KEY, hash_key, key_id_of, new_key
from sources.collector.keys.origins import read_origin
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.ops.entries import list_entries, revoke_entry
from touchline.settings import Settings
from touchline.worker.key_topic import read_entries, store_entry
from touchline.worker.stages import topics_of

_WRONG_USE: Final = 2
_SHORTEST: Final = 8  # of keys of other products
_EXISTING: Final = re.compile(rf"[!-9;-~]{{{_SHORTEST},{LARGEST_KEY}}}")


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """What a key shall allow, as a person wrote it. `existing`: a key that clients have already; '' for a new one."""

    source: str
    tenant: str = "main"
    channels: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate_per_s: int = 0
    existing: str = ""


def create_key(settings: Settings, request: KeyRequest, now_ms: int) -> tuple[str, KeyEntry]:
    """Return the key, which is stored nowhere, and its entry. Raises CliError.

    Collectors that run have the entry when Kafka has acknowledged it, within milliseconds.
    """
    key = _check_existing(request.existing) if request.existing else new_key()
    key_hash = hash_key(key)
    entry = make_entry(request, key_hash, now_ms)
    need_kafka(settings)
    if request.existing and (known := read_entries(settings, topics_of(settings).write_keys, WRITE_KEYS).get(key_hash)):
        state = "was revoked, which cannot be undone" if known.revoked else "exists already"
        raise CliError(f"The key {known.key_id} of source {known.source} {state}: create another one.", 1)
    store_entry(settings, topics_of(settings).write_keys, WRITE_KEYS, key_hash, entry)
    return key, entry


def _check_existing(key: str) -> str:
    """Return a key of another product. Raises CliError if clients could not send it as one."""
    if _EXISTING.fullmatch(key):
        return key
    raise CliError(
        f"--existing: a key has {_SHORTEST} to {LARGEST_KEY} letters, digits and signs of ASCII, without spaces and "
        "colons.",
        _WRONG_USE,
    )


def make_entry(request: KeyRequest, key_hash: bytes, now_ms: int) -> KeyEntry:
    """Return the entry of a new key. Raises CliError for a request that no key can have."""
    source = request.source.strip()
    if not source or len(source) > LONGEST_ID or not source.isprintable():
        raise CliError(f"--source {request.source!r}: give 1 to {LONGEST_ID} printable characters.", _WRONG_USE)
    if not is_name(request.tenant):
        raise CliError(
            f"--tenant {request.tenant!r} is not a tenant: a name is 1 to 64 of a-z, 0-9, _ and -.", _WRONG_USE
        )
    if unknown := [channel for channel in request.channels if channel not in CHANNELS]:
        raise CliError(f"--channel {unknown[0]!r}: the channels are {', '.join(CHANNELS)}.", _WRONG_USE)
    origins = {origin: read_origin(origin) for origin in request.origins}
    if wrong := [origin for origin, normal in origins.items() if normal is None]:
        raise CliError(
            f"--origin {wrong[0]!r} is not an origin: write it as https://shop.example.org, without a path, or "
            "*.example.org for all subdomains.",
            _WRONG_USE,
        )
    if request.rate_per_s < 0:
        raise CliError("--rate is a number of touches a second, 0 for no limit.", _WRONG_USE)
    return KeyEntry(
        key_id=key_id_of(key_hash),
        tenant=request.tenant,
        source=source,
        channels=tuple(dict.fromkeys(request.channels)),
        origins=tuple(dict.fromkeys(filter(None, origins.values()))),
        rate_per_s=request.rate_per_s,
        created_at_ms=now_ms,
    )


def list_keys(settings: Settings) -> list[KeyEntry]:
    """Return the entries of all keys, the oldest first. Raises CliError."""
    return list_entries(settings, topics_of(settings).write_keys, WRITE_KEYS)


def revoke_key(settings: Settings, named: str) -> KeyEntry:
    """Revoke a key, named by its id or by itself, and return its entry. Raises CliError if there is no such key."""
    return revoke_entry(settings, topics_of(settings).write_keys, WRITE_KEYS, named)
