"""From the touches that an adapter made of a request to their records in the sink."""

import time
from collections.abc import Iterable

from sources.collected import Collected
from sources.collector.config import TOUCH_BYTES
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.redaction import remove_keys
from sources.collector.origin import Origin, stamp
from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Request
from sources.collector.services import Services
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.messages import encode_touch


async def deliver(
    request: Request,
    services: Services,
    entry: KeyEntry,
    touches: Iterable[Collected],
    origin: Origin,
    key: str,
) -> int | Refusal:
    """Make the touches of a request durable. Return how many there are, or why the whole request is to be sent again.

    The touches are not checked: intake puts those that are not valid by the contract into the quarantine, because the
    clients of SDKs give up a batch that is refused. Touches of channels that the key does not permit and those that
    are too large are left out and counted. Each needs an `event_id`; `sources.collector.event_ids` derives one.
    """
    records: list[RawRecord] = []
    channels: list[str] = []
    metrics = services.metrics
    for channel, touch in touches:
        if not entry.permits_channel(channel):
            metrics.count_rejected(channel, "channel_not_allowed")
            continue
        try:
            value = encode_touch(_without_keys(stamp(touch, channel, origin), key))
        except ValueError:
            metrics.count_rejected(channel, "not_finite")
            continue
        if len(value) > TOUCH_BYTES:
            metrics.count_rejected(channel, "too_large")
            continue
        records.append(RawRecord(services.config.topic_prefix + channel, value, request.received_at_ms))
        channels.append(channel)
    if refused := admit_rate(services, entry, len(records)):
        return refused
    if not records:
        return 0
    too_large: tuple[int, ...] = ()
    try:
        await services.sink.commit(records)
    except RecordsTooLarge as refusal:
        too_large = refusal.positions
    except SinkUnavailable as failure:
        return unavailable(failure)
    for position in too_large:
        metrics.count_rejected(channels[position], "too_large")
        channels[position] = ""
    for channel in channels:
        if channel:
            metrics.touches[channel, "accepted"] += 1
    return len(records) - len(too_large)


def admit_rate(services: Services, entry: KeyEntry, touches: int) -> Refusal | None:
    """Return why the touches exceed the rate of the key, or None."""
    if not entry.rate_per_s:
        return None
    wait_s = services.rates.admit(entry, touches, time.monotonic())
    if not wait_s:
        return None
    detail = f"the key may send {entry.rate_per_s} touches a second; send them again after {wait_s} s"
    return Refusal(RefusalReason.RATE_LIMITED, detail, retry_after_s=wait_s)


def unavailable(failure: SinkUnavailable) -> Refusal:
    """Return the refusal of a request whose touches could not be made durable."""
    detail = "touches cannot be stored at the moment; send them again, with the same event ids"
    return Refusal(RefusalReason.SINK_UNAVAILABLE, detail, retry_after_s=failure.retry_after_s)


def _without_keys(touch: dict[str, object], key: str) -> dict[str, object]:
    cleaned = remove_keys(touch, key)
    assert isinstance(cleaned, dict)  # remove_keys keeps the type
    return cleaned
