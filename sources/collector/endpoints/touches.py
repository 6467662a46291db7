"""`POST /v1/touches` and `POST /v1/beacon`: native touches, with a result for each."""

from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec

from schemas.channels import CHANNELS
from schemas.rejected import Reason
from sources.collector.body import decompress
from sources.collector.config import NATIVE_BODY_BYTES
from sources.collector.credentials import admit_key, key_of_headers, key_of_query, query_of
from sources.collector.daily_visitors import replace_marker
from sources.collector.delivery import admit_rate, unavailable
from sources.collector.keys.redaction import may_contain_key
from sources.collector.origin import origin_of
from sources.collector.refusal import Refusal
from sources.collector.request import Answer, Request
from sources.collector.services import Services
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.collector.touch_batch import split_touches
from sources.collector.touch_check import Checked, Refused, TouchCheck

_encode: Final = msgspec.json.Encoder().encode
_NONE_ACCEPTED: Final = 422


async def receive_touches(request: Request, services: Services) -> Answer | Refusal:
    """Return a result for each touch, once all that are accepted are durable.

    A touch that the contract refuses affects no other. The status is 200, or 422 if none of the touches was accepted.
    """
    key = key_of_headers(request) or key_of_query(request)
    entry = admit_key(request, services, key)
    if isinstance(entry, Refusal):
        return entry
    body = decompress(request.body, request.headers.get(b"content-encoding"), NATIVE_BODY_BYTES)
    if isinstance(body, Refusal):
        return body._replace(key_id=entry.key_id)
    body = replace_marker(body, services.config.visitor_secret, entry, request)
    batch = split_touches(body, request.headers.get(b"content-type", b""))
    if isinstance(batch, Refusal):
        return batch._replace(key_id=entry.key_id)
    if refused := admit_rate(services, entry, len(batch.touches)):
        return refused._replace(key_id=entry.key_id)
    channel = batch.channel or _channel_of_query(request)
    check = TouchCheck(services.check, entry, origin_of(entry, request), key, body).check
    with_keys = may_contain_key(body, key)
    results = [
        check(touch, channel, position, with_keys and may_contain_key(touch, key))
        for position, touch in enumerate(batch.touches)
    ]
    prefix, at_ms = services.config.topic_prefix, request.received_at_ms
    records = [RawRecord(prefix + one.channel, one.value, at_ms) for one in results if isinstance(one, Checked)]
    if records:
        try:
            await services.sink.commit(records)
        except RecordsTooLarge as refusal:
            _reject_at(results, refusal.positions)
        except SinkUnavailable as failure:
            return unavailable(failure)._replace(key_id=entry.key_id)
    return _answer(results, services, entry.key_id)


def _channel_of_query(request: Request) -> str | None:
    """Return the channel that the query names. The common query `channel=NAME` is read without a parser."""
    query = request.query
    if not query:
        return None
    if query.startswith(b"channel=") and b"&" not in query:
        name = query[8:].decode("latin-1")
        return name if name in CHANNELS else unquote_plus(name)
    return next((value for name, value in query_of(request) if name == "channel"), None)


def _reject_at(results: list[Checked | Refused], positions: tuple[int, ...]) -> None:
    """Replace accepted touches, by their position among the accepted ones, by rejections."""
    accepted = [index for index, one in enumerate(results) if isinstance(one, Checked)]
    for position in positions:
        index = accepted[position]
        results[index] = Refused(results[index].channel, Reason.TOO_LARGE, "Kafka's topic takes no record of this size")


def _answer(results: list[Checked | Refused], services: Services, key_id: str) -> Answer:
    """Count the results and return them in the order of the touches."""
    channels = [one.channel for one in results if isinstance(one, Checked)]
    for channel in set(channels):
        services.metrics.touches[channel, "accepted"] += channels.count(channel)
    accepted = len(channels)
    if accepted == len(results):
        return Answer(200, _all_accepted(accepted), key_id=key_id)
    for one in results:
        if isinstance(one, Refused):
            services.metrics.count_rejected(one.channel or "unknown", one.reason)
    described = [_describe(one, index) for index, one in enumerate(results)]
    body = _encode({"accepted": accepted, "results": described})
    return Answer(200 if accepted else _NONE_ACCEPTED, body, key_id=key_id)


@lru_cache(maxsize=1_024)
def _all_accepted(count: int) -> bytes:
    return _encode({"accepted": count, "results": [{"status": "accepted"}] * count})


def _describe(one: Checked | Refused, index: int) -> dict[str, Any]:
    if isinstance(one, Checked):
        return {"status": "accepted"}
    return {"status": "rejected", "reason": one.reason, "detail": one.detail, "index": index}
