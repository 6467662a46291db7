"""Ids of visitors without a cookie: a keyed hash of address and browser, another one each day.

A tracker without cookies sends `$daily` as `anonymous_id`. The collector replaces it, so that the address itself is
stored only where the field `ip` is. The key of the hash is derived from a secret and the UTC day by HMAC-SHA-256
(RFC 2104); collectors with the same secret agree. Without the secret, an id cannot be traced to an address, and the ids
of two days or of two write keys cannot be linked.
"""

import hmac
from typing import Final

from schemas.time import DAY_MS
from sources.collector.keys.entry import KeyEntry
from sources.collector.request import Request

MARKER: Final = "$daily"
_MEMBER: Final = b'"anonymous_id":"$daily"'
_ID_DIGITS: Final = 24


def replace_marker(body: bytes, secret: bytes, entry: KeyEntry, request: Request) -> bytes:
    """Return the body of a request with the visitor's id of the day in place of the marker.

    Quotes inside a JSON string are escaped, so these bytes are a member of an object wherever they occur.
    """
    if _MEMBER not in body:
        return body
    return body.replace(_MEMBER, b'"anonymous_id":"%s"' % daily_id(secret, entry, request).encode())


def daily_id(secret: bytes, entry: KeyEntry, request: Request) -> str:
    """Return the id of a request's visitor on the UTC day of its arrival, the same in all requests with this key."""
    day = request.received_at_ms // DAY_MS
    day_key = hmac.digest(secret, b"%d" % day, "sha256")
    parts = (entry.key_id.encode(), request.peer_ip.encode(), request.headers.get(b"user-agent", b""))
    content = b"".join(b"%d:%s" % (len(part), part) for part in parts)
    return f"daily-{hmac.digest(day_key, content, 'sha256').hex()[:_ID_DIGITS]}"
