"""`GET /t.js`: the browser tracker."""

import gzip
from functools import cache
from hashlib import sha256
from typing import Final

from sources.collector.request import Answer, Request
from sources.collector.services import Services
from sources.tracker.script import tracker_script

_TYPE: Final = "text/javascript; charset=utf-8"
_MAX_AGE_S: Final = 3_600  # a new version reaches visitors within an hour


async def answer_script(request: Request, services: Services) -> Answer:
    """Return the tracker, compressed if the browser accepts gzip, or 304 if the browser has this version."""
    headers = (
        (b"cache-control", b"public, max-age=%d" % _MAX_AGE_S),
        (b"etag", _etag()),
        (b"vary", b"Accept-Encoding"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"cross-origin"),  # for pages that isolate themselves (COEP)
    )
    known = request.headers.get(b"if-none-match", b"")
    if _etag() in (one.strip().removeprefix(b"W/") for one in known.split(b",")):
        return Answer(304, b"", _TYPE, headers)
    if b"gzip" in request.headers.get(b"accept-encoding", b""):
        return Answer(200, _compressed(), _TYPE, (*headers, (b"content-encoding", b"gzip")))
    return Answer(200, tracker_script(), _TYPE, headers)


@cache
def _compressed() -> bytes:
    return gzip.compress(tracker_script(), 9, mtime=0)


@cache
def _etag() -> bytes:
    """Return the tag of this version, in both encodings."""
    return b'"%s"' % sha256(tracker_script()).hexdigest()[:20].encode()
