"""Listing and revoking entries of write keys or API tokens."""

from typing import Final

import msgspec

from sources.collector.keys.entry_layout import E, EntryLayout
from sources.collector.keys.key_format import hash_key, is_well_formed, key_id_of
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.settings import Settings
from touchline.worker.key_topic import read_entries, store_entry

_WRONG_USE: Final = 2


def list_entries(settings: Settings, topic: str, layout: EntryLayout[E]) -> list[E]:
    """Return all entries of a topic, the oldest first. Raises CliError."""
    need_kafka(settings)
    entries = read_entries(settings, topic, layout).items()
    return [entry for _, entry in sorted(entries, key=lambda one: (one[1].created_at_ms, key_id_of(one[0])))]


def revoke_entry(settings: Settings, topic: str, layout: EntryLayout[E], named: str) -> E:
    """Revoke a secret, named by its id or by itself, and return its entry. Raises CliError if there is none."""
    if named.startswith(layout.prefix) and not is_well_formed(named, layout.prefix):
        raise CliError(
            f"This is no {layout.noun}: a character of it is wrong or missing. Copy it again, or give its id, which "
            f"`{layout.command} list` shows.",
            _WRONG_USE,
        )
    need_kafka(settings)
    entries = read_entries(settings, topic, layout)
    wanted = (hash_key(named), named)
    key_hash = next((one for one in entries if one == wanted[0] or key_id_of(one) == wanted[1]), None)
    if key_hash is None:
        noun = layout.noun.rpartition(" ")[2]
        what = f"this {noun}" if is_well_formed(named, layout.prefix) else f"a {noun} with the id {named!r}"
        raise CliError(f"There is no entry for {what}: `{layout.command} list` shows all {noun}s.", 1)
    entry = entries[key_hash]
    if entry.revoked:
        return entry
    revoked = msgspec.structs.replace(entry, revoked=True)  # type: ignore[type-var]
    store_entry(settings, topic, layout, key_hash, revoked)
    return revoked
