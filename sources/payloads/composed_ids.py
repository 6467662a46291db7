"""Ids of events for which a system has no id of its own: what is unique about the event, joined."""

from hashlib import blake2b
from typing import Final

from schemas.raw_touch import LONGEST_ID

_HASH_BYTES: Final = 16


def composed_id(*parts: object) -> str:
    """Return the parts joined by colons, or a hash of them where an event id could not hold the text."""
    text = ":".join(str(part) for part in parts)
    if len(text) <= LONGEST_ID and text.isprintable():
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).hexdigest()
