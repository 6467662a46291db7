"""Payloads of SDKs: read leniently, and delivered so that one bad event never fails its batch.

An SDK gives up a batch for good after a 4xx (RudderStack's for Node even ends its process), so a request is refused
only if nothing of it can be read or its key is not valid. Events that cannot be mapped are delivered as they were sent,
and intake quarantines them.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from sources.collected import Collected
from sources.collector.body import decompress
from sources.collector.delivery import admit_rate, unavailable
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.redaction import may_contain_key, remove_keys
from sources.collector.origin import origin_of
from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Request
from sources.collector.services import Services
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.messages import encode_touch
from sources.payloads.json_limits import is_deeper
from sources.sdks.client import Client
from sources.sdks.outcome import Outcome, Skipped

MOST_EVENTS: Final = 10_000  # of a request; SDKs send at most some hundreds
DEEPEST: Final = 100  # levels of a payload; intake refuses single touches that are deeper than the contract allows
_TOO_DEEP: Final = Refusal(RefusalReason.TOO_DEEP, f"nested deeper than {DEEPEST} levels; flatten it")
_TOO_MANY: Final = Refusal(RefusalReason.TOO_LARGE, f"more than {MOST_EVENTS} events; send smaller batches")
_decode: Final = msgspec.json.Decoder().decode


class _Record(NamedTuple):
    channel: str
    value: bytes


def client_of(request: Request) -> Client:
    """Return what the connection of a request tells about its client."""
    agent = request.headers.get(b"user-agent", b"").decode("utf-8", "replace")
    return Client(request.peer_ip, agent, b"origin" in request.headers, request.received_at_ms)


def read_payload(request: Request, limit_bytes: int) -> object | Refusal:
    """Return the decoded JSON of a body, whatever its Content-Type says.

    SDKs for Python write NaN and Infinity for such numbers, which JSON does not have; they are read, so that only the
    event that has them is refused, by intake.
    """
    body = decompress(request.body, request.headers.get(b"content-encoding"), limit_bytes)
    if isinstance(body, Refusal):
        return body
    if is_deeper(body, DEEPEST):
        return _TOO_DEEP
    try:
        decoded: object = _decode(body)
    except RecursionError:  # brackets that never close, which `is_deeper` leaves to the parser
        return _TOO_DEEP
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            decoded = json.loads(body)
        except ValueError:
            return Refusal(RefusalReason.NOT_JSON, "the body is no JSON; see the format of the SDK's family")
        except RecursionError:
            return _TOO_DEEP
    return _TOO_MANY if _longest_list(decoded) > MOST_EVENTS else decoded


def _longest_list(payload: object) -> int:
    """Return the number of events of a payload: it is a list of them, or an object that has one."""
    lists = payload.values() if isinstance(payload, dict) else (payload,)
    return max((len(one) for one in lists if isinstance(one, list)), default=0)


async def deliver_outcomes(
    request: Request, services: Services, entry: KeyEntry, outcomes: Iterable[Outcome], key: str
) -> Refusal | None:
    """Make the touches and the unmapped events of a request durable. Return why it is to be sent again, or None.

    All outcomes are counted. A touch of a channel that the key does not permit is left out.
    """
    metrics = services.metrics
    # The mapping has taken address and user agent from the connection where it is the visitor's.
    fields = origin_of(entry, request, of_browser=False).always
    records: list[_Record] = []
    for outcome in outcomes:
        if isinstance(outcome, Skipped):
            metrics.skipped[outcome.reason.value,] += 1
        elif not entry.permits_channel(outcome.channel):
            metrics.count_rejected(outcome.channel, "channel_not_allowed")
        else:
            event = outcome.touch if isinstance(outcome, Collected) else outcome.event
            records.append(_Record(outcome.channel, encode_event(event, fields, key)))
    if not records:
        return None
    if refused := admit_rate(services, entry, len(records)):
        return refused
    prefix, at_ms = services.config.topic_prefix, request.received_at_ms
    too_large: tuple[int, ...] = ()
    try:
        await services.sink.commit([RawRecord(prefix + record.channel, record.value, at_ms) for record in records])
    except RecordsTooLarge as refusal:
        too_large = refusal.positions
    except SinkUnavailable as failure:
        return unavailable(failure)
    for position, record in enumerate(records):
        if position in too_large:
            metrics.count_rejected(record.channel, "too_large")
        else:
            metrics.touches[record.channel, "accepted"] += 1
    return None


def encode_event(event: object, fields: Mapping[str, str], key: str) -> bytes:
    """Return a touch or an unmapped event as JSON, with the fields of its origin and without write keys.

    Values that JSON does not have (NaN, lone surrogates) are written as Python does, so that intake quarantines them.
    """
    if isinstance(event, dict):
        event = {**event, **fields}
        event.pop("received_at", None)
    value = _encode(event)
    return _encode(remove_keys(event, key)) if may_contain_key(value, key) else value


def _encode(event: object) -> bytes:
    try:
        return encode_touch(event) if isinstance(event, dict) else msgspec.json.encode(event)
    except ValueError:
        return json.dumps(event).encode()
