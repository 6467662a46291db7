"""`GET /v1/pixel.gif`: a page view, or another visit, in the query of a picture.

The answer is always a GIF, since a broken picture would be seen by visitors who cannot correct it. What was refused is
counted, and named in the header `X-Touchline-Refused`. Only where the touch may be sent again the status is not 200.
"""

from typing import Final

import msgspec

from schemas.fast_structs import STRUCTS
from sources.collector.credentials import admit_key, key_of_headers, key_of_query, query_of
from sources.collector.delivery import admit_rate, unavailable
from sources.collector.gif import GIF
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.redaction import may_contain_key
from sources.collector.origin import origin_of
from sources.collector.refusal import STATUS, Refusal, RefusalReason
from sources.collector.request import Answer, Request
from sources.collector.services import Services
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.collector.touch_check import Refused, TouchCheck

CHANNEL: Final = "visits"
_NOT_FIELDS: Final = frozenset(
    {"key", "writeKey", "channel", "properties", "ids", "app", "tenant", "source", "_", "cb"}
)
_NUMBERS: Final = frozenset({"occurred_at", "sent_at", "engaged_ms"})
_NO_STORE: Final = (b"cache-control", b"no-store")
_RETRIED: Final = frozenset({RefusalReason.SINK_UNAVAILABLE, RefusalReason.RATE_LIMITED})
_encode: Final = msgspec.json.Encoder().encode


async def receive_pixel(request: Request, services: Services) -> Answer | Refusal:
    """Return a GIF of one pixel, once the touch of the query is durable."""
    if request.method == "HEAD":  # of programs that look at links
        return _gif()
    key = key_of_headers(request) or key_of_query(request)
    entry = admit_key(request, services, key)
    if isinstance(entry, Refusal):
        return _refuse(entry, services)
    if refused := admit_rate(services, entry, 1):
        return _refuse(refused, services, entry)
    value = _encode(touch_of(request))
    content = b"\0".join((request.query, request.peer_ip.encode(), b"%d" % request.received_at_ms))
    check = TouchCheck(services.check, entry, origin_of(entry, request, of_browser=True), key, content)
    checked = check.check(value, CHANNEL, 0, may_contain_key(value, key))
    if isinstance(checked, Refused):
        services.metrics.count_rejected(CHANNEL, checked.reason)
        return _gif(200, checked.reason, entry)
    record = RawRecord(services.config.topic_prefix + CHANNEL, checked.value, request.received_at_ms)
    try:
        await services.sink.commit([record])
    except SinkUnavailable as failure:
        return _refuse(unavailable(failure), services, entry)
    except RecordsTooLarge:
        services.metrics.count_rejected(CHANNEL, "too_large")
        return _gif(200, "too_large", entry)
    services.metrics.touches[CHANNEL, "accepted"] += 1
    return _gif(200, "", entry)


def touch_of(request: Request) -> dict[str, object]:
    """Return the touch of a query: parameters with the name of a field, and all others as properties.

    What a picture does not know is filled in: the type `page`, the time of arrival, and the page that shows it.
    """
    touch: dict[str, object] = {"type": "page", "occurred_at": request.received_at_ms}
    properties: dict[str, object] = {}
    for name, value in query_of(request):
        if name in _NOT_FIELDS or not value:
            continue
        if name in _FIELDS:
            touch[name] = int(value) if name in _NUMBERS and value.isascii() and value.isdigit() else value
        else:
            properties[name] = value
    referer = request.headers.get(b"referer")
    if "url" not in touch and referer:
        touch["url"] = referer.decode("utf-8", "replace")
    if properties:
        touch["properties"] = properties
    return touch


_FIELDS: Final = frozenset(STRUCTS[CHANNEL].__struct_fields__) - _NOT_FIELDS


def _refuse(refusal: Refusal, services: Services, entry: KeyEntry | None = None) -> Answer:
    services.metrics.count_refusal(refusal.reason)
    status = STATUS[refusal.reason] if refusal.reason in _RETRIED else 200
    return _gif(status, refusal.reason.value, entry, refusal.retry_after_s)


def _gif(status: int = 200, refused: str = "", entry: KeyEntry | None = None, retry_after_s: int = 0) -> Answer:
    headers = [_NO_STORE]
    if refused:
        headers.append((b"x-touchline-refused", refused.encode()))
    if retry_after_s:
        headers.append((b"retry-after", b"%d" % retry_after_s))
    return Answer(status, GIF, "image/gif", tuple(headers), "" if entry is None else entry.key_id)
