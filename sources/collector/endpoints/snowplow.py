"""The paths of Snowplow's trackers. They have no write key of their own: the app id (`aid`) carries it.

Trackers send a request again for ever after any refusal but 400, 401, 403, 410 and 422, so what must not come again is
answered 400.
"""

from typing import Final

from sources.collector.config import NATIVE_BODY_BYTES
from sources.collector.credentials import admit_key, key_of_headers, query_of
from sources.collector.gif import GIF
from sources.collector.refusal import STATUS, Refusal, RefusalReason, answer_refusal
from sources.collector.request import Answer, Request
from sources.collector.sdk_payload import client_of, deliver_outcomes, read_payload
from sources.collector.services import Services
from sources.sdks.snowplow import app_id, map_payload

_FINAL: Final = frozenset({400, 401, 403, 410, 422})
_RETRIED: Final = frozenset({RefusalReason.RATE_LIMITED, RefusalReason.SINK_UNAVAILABLE})


async def receive_tp2(request: Request, services: Services) -> Answer | Refusal:
    """Return 200 when the events of the body are durable."""
    payload = read_payload(request, NATIVE_BODY_BYTES)
    if isinstance(payload, Refusal):
        return _refuse(payload, services)
    return await _receive(request, services, payload, Answer(200, b"ok", "text/plain"))


async def receive_pixel(request: Request, services: Services) -> Answer | Refusal:
    """Return a GIF of one pixel when the event of the query is durable."""
    payload: object = {"data": [dict(query_of(request))]}
    gif = Answer(200, GIF, "image/gif", ((b"cache-control", b"no-store"),))
    return await _receive(request, services, payload, gif)


async def _receive(request: Request, services: Services, payload: object, success: Answer) -> Answer | Refusal:
    key = key_of_headers(request) or app_id(payload)
    entry = admit_key(request, services, key)
    if isinstance(entry, Refusal):
        return _refuse(entry, services)
    mapped = map_payload(payload, client_of(request))
    outcomes = [services.view_times.complete(outcome, entry.key_id) for outcome in mapped]
    refused = await deliver_outcomes(request, services, entry, outcomes, key)
    if refused is not None:
        return _refuse(refused._replace(key_id=entry.key_id), services)
    return success._replace(key_id=entry.key_id)


def _refuse(refusal: Refusal, services: Services) -> Answer | Refusal:
    """Return a refusal with a status after which a tracker does what it should."""
    if refusal.reason in _RETRIED or STATUS[refusal.reason] in _FINAL:
        return refusal
    services.metrics.count_refusal(refusal.reason)
    return answer_refusal(refusal, 400)
