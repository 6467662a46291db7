"""Replay of quarantined records: their original bytes, or corrected ones, are sent to intake again.

A record keeps the coordinates (topic, partition, offset) that it first had, its *origin*. A webhook's request, whose
origin is no topic, is mapped again by the present adapter and configuration, and its touches are sent.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Final, NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

from dashboards.answers.quarantine import Refused, original, refused
from schemas.arrival import RECEIVED_AT
from schemas.plural import counted
from sinks.clickhouse.client import Client
from sources.hooks.kept_request import is_place
from streams.quarantine import KEPT_BYTES, ORIGIN
from streams.topics import LARGEST_BLOCK_BYTES
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.local.discovery import need_kafka
from touchline.ops.kept_requests import RequestMapper
from touchline.ops.replay_verdicts import VerdictReader, Verdicts
from touchline.ops.time_option import read_time_option
from touchline.settings import Settings
from touchline.worker.stages import topics_of

BATCH_RECORDS: Final = 500  # sent before waiting for Kafka to acknowledge them


def find(client: Client, reason: str | None, since: str | None, limit: int, also_accepted: bool) -> list[Refused]:
    """Return records of the quarantine, newest first. Raises CliError if `since` is not a time."""
    since_ms = read_time_option("--since", since) if since else 0
    return refused(client, reason=reason or "", since_ms=since_ms, limit=limit, open_only=not also_accepted)


def _coordinates(origin: str) -> tuple[str, int, int]:
    try:
        topic, partition, offset = origin.rsplit("/", 2)
        return topic, int(partition), int(offset)
    except ValueError:
        raise CliError(
            f"{origin!r} does not name a record: write TOPIC/PARTITION/OFFSET, as `touchline quarantine list` does.",
            code=2,
        ) from None


def original_of(client: Client, origin: str, sent_again: bool = False) -> bytes:
    """Return the bytes of a quarantined record as received, or as they were last sent again and refused again.

    Raises CliError if there are none.
    """
    found = original(client, *_coordinates(origin), sent_again=sent_again)
    if found is None and sent_again and original(client, *_coordinates(origin)) is not None:
        raise CliError(f"The record of {origin} was not refused again: it has only its original bytes.", code=1)
    if found is None:
        raise CliError(f"The quarantine has no record of {origin}.", code=1)
    return found.original


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of a replay.

    `sent` maps the coordinates of each sent record to its origin, `skipped` the origin of each other record to the
    reason. `verdicts` is None if the replay did not wait for them.
    """

    sent: dict[str, str]
    skipped: dict[str, str]
    verdicts: Verdicts | None


def replay(
    settings: Settings, client: Client, origins: Sequence[str], corrected: bytes | None = None, wait: bool = True
) -> Replay:
    """Send records, with `corrected` in place of their bytes, and wait until intake has read them.

    Raises CliError for an origin that names no record, and if Kafka does not acknowledge them.
    """
    need_kafka(settings)
    sent: dict[str, str] = {}
    skipped: dict[str, str] = {}
    with ExitStack() as stack:
        try:
            reader = stack.enter_context(VerdictReader(settings)) if wait else None
            producer = stack.enter_context(closing(_producer(settings)))
            for start in range(0, len(origins), BATCH_RECORDS):
                records, why = _choose(settings, client, origins[start : start + BATCH_RECORDS], corrected)
                skipped |= why
                sent |= _send(producer, records)
            return Replay(sent, skipped, reader.wait(sent) if reader is not None else None)
        except KafkaError as error:
            raise CliError(
                f"Kafka at {settings.kafka} did not answer ({type(error).__name__}) after {len(sent):,} of "
                f"{counted(len(origins), 'record')}: {KAFKA_ADVICE}, then repeat the command: records that arrive "
                "twice count once.",
                code=1,
            ) from error


class Resent(NamedTuple):
    """A record to send again: its first coordinates, its bytes and its first arrival, which corrects its clock."""

    topic: str
    origin: str
    value: bytes
    received_ms: int


def _choose(
    settings: Settings, client: Client, origins: Iterable[str], corrected: bytes | None
) -> tuple[list[Resent], dict[str, str]]:
    """Return (records to send, reasons to skip the others by origin)."""
    topics = topics_of(settings)
    raw = {topics.raw(channel) for channel in topics.channels}
    records: list[Resent] = []
    skipped: dict[str, str] = {}
    mapper: RequestMapper | None = None
    for origin in origins:
        found = original(client, *_coordinates(origin))
        if found is None:  # a mistyped origin would become a new touch
            skipped[origin] = f"The quarantine has no record of {origin}."
        elif not (is_hook := is_place(found.record.raw_topic)) and found.record.raw_topic not in raw:
            skipped[origin] = f"{origin} does not come from a raw topic, so it cannot be sent again."
        elif corrected is None and len(found.original) >= KEPT_BYTES:
            skipped[origin] = (
                f"Only the first {KEPT_BYTES:,} bytes of {origin} are kept: send the whole record with --file."
            )
        else:
            value, received_ms = found.original if corrected is None else corrected, found.record.received_ms
            if not is_hook:
                records.append(Resent(found.record.raw_topic, origin, value, received_ms))
                continue
            mapper = mapper or RequestMapper(settings)
            mapped = mapper.map_place(found.record.raw_topic, value, received_ms)
            records += [Resent(topics.raw(channel), origin, touch, received_ms) for channel, touch in mapped.messages]
            if mapped.unmappable:
                skipped[origin] = f"{origin} still cannot be mapped: {mapped.unmappable}."
            elif not mapped.messages:
                skipped[origin] = f"{origin} is no touch by the present mapping."
    return records, skipped


def _producer(settings: Settings) -> KafkaProducer:
    return KafkaProducer(bootstrap_servers=settings.kafka, acks="all", max_request_size=LARGEST_BLOCK_BYTES)


def _send(producer: KafkaProducer, records: list[Resent]) -> dict[str, str]:
    """Return the coordinates of each sent record with its origin, once Kafka has acknowledged all."""
    sent = []
    for topic, origin, value, received_ms in records:
        key = origin.encode()
        headers = [(ORIGIN, key), (RECEIVED_AT, b"%d" % received_ms)]
        sent.append((origin, producer.send(topic, key=key, value=value, headers=headers)))
    stored = [(origin, future.get(timeout=30)) for origin, future in sent]
    return {f"{found.topic}/{found.partition}/{found.offset}": origin for origin, found in stored}
