"""Headers of cross-origin requests (the Fetch standard, section "CORS protocol"), as SDKs of browsers need them.

The origin is echoed and credentials are allowed, since Snowplow's tracker sends them and browsers then refuse `*`.
Nothing that an answer contains depends on cookies, so this gives no page anything. All answers have these headers, also
refusals: without them a page can read neither the reason nor `Retry-After`.
"""

import re
from functools import lru_cache
from typing import Final

from sources.collector.request import Answer

Headers = tuple[tuple[bytes, bytes], ...]

_ORIGIN: Final = re.compile(rb"[!-~]{1,300}")
_NAMES: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z, -]{1,1000}")  # RFC 9110, section 5.6.2
_METHODS: Final = b"GET, HEAD, POST, OPTIONS"
_REQUEST_HEADERS: Final = (
    b"authorization, content-type, content-encoding, x-retry-count, x-write-key, anonymousid, sentat"
)
_MAX_AGE_S: Final = b"7200"  # the most that Chromium accepts
_VARY: Final = (b"vary", b"Origin")


@lru_cache(maxsize=1_024)
def cors_headers(origin: bytes | None) -> Headers:
    """Return the headers of an answer to a page of this origin; only `Vary` where the header is missing or no text."""
    if origin is None or not _ORIGIN.fullmatch(origin):
        return (_VARY,)
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"Retry-After"),
        _VARY,
    )


def answer_preflight(requested: bytes | None) -> Answer:
    """Return the answer to OPTIONS, which permits the headers that the page wants to send (`requested`, the value of
    Access-Control-Request-Headers) beside those that are known.

    A preflight carries no key, so every origin may send what follows. The headers are not checked, since the collector
    reads only those that it knows, and SDKs add others to repeated requests: a retry that is not permitted is lost.
    As for every answer, the app adds `cors_headers`: browsers refuse an answer that has one of them twice.
    """
    permitted = _REQUEST_HEADERS
    if requested is not None and _NAMES.fullmatch(requested):
        permitted += b", " + requested
    headers = (
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", permitted),
        (b"access-control-max-age", _MAX_AGE_S),
    )
    return Answer(204, headers=headers)
