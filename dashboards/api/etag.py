"""Entity tags: a client that has the current answer gets 304 instead of the answer again (RFC 9110, 13)."""

import hashlib
from typing import Final

_DIGEST_BYTES: Final = 16


def etag_of(body: bytes) -> str:
    """Return the entity tag of a body; a weak one, since the body may be sent compressed or not."""
    return f'W/"{hashlib.blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Return whether a header If-None-Match names an entity tag. Tags are compared weakly, as the header demands."""
    if if_none_match is None:
        return False
    known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
