"""Out of the quarantine and through intake again: the original bytes, or mended ones, under the coordinates they first
had.
"""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kafka import KafkaProducer
from kafka.errors import KafkaError

from dashboards.answers.quarantine import Refused, original, refused
from sinks.clickhouse.client import Client
from streams.quarantine import KEPT_BYTES, ORIGIN
from streams.topics import LARGEST_BLOCK_BYTES
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.ops.replay_verdicts import VerdictReader, Verdicts
from touchline.settings import Settings
from touchline.worker.stages import topics_of

AT_ONCE: Final = 500  # records between two times of waiting for Kafka


def find(client: Client, reason: str | None, since: str | None, limit: int, also_mended: bool) -> list[Refused]:
    """What waits in the quarantine, newest first. Raises CliError for a time that is none."""
    return refused(client, reason=reason or "", since_ms=_time_ms(since), limit=limit, open_only=not also_mended)


def _time_ms(since: str | None) -> int:
    if not since:
        return 0
    try:
        time = datetime.fromisoformat(since)
    except ValueError:
        raise CliError(f"--since {since!r} is no time such as 2026-01-31T09:30:00Z.", code=2) from None
    if time.tzinfo is None:
        raise CliError(f"--since {since!r} needs its zone: add Z.", code=2)
    return int(time.timestamp() * 1000)


def _coordinates(place: str) -> tuple[str, int, int]:
    try:
        topic, partition, offset = place.rsplit("/", 2)
        return topic, int(partition), int(offset)
    except ValueError:
        raise CliError(
            f"{place!r} is no place: write TOPIC/PARTITION/OFFSET, as `touchline quarantine list` shows it.", code=2
        ) from None


def original_of(client: Client, place: str, sent_again: bool = False) -> bytes:
    """The bytes of a quarantined record as they came, or as they were last sent again and refused again.

    Raises CliError if there are none.
    """
    found = original(client, *_coordinates(place), sent_again=sent_again)
    if found is None and sent_again and original(client, *_coordinates(place)) is not None:
        raise CliError(f"What came from {place} was not refused again: it has only its original bytes.", code=1)
    if found is None:
        raise CliError(f"Nothing in the quarantine came from {place}.", code=1)
    return found.original


@dataclass(frozen=True, slots=True)
class Replay:
    """What was sent, by place in Kafka with the place it came from; by place, why others were skipped; and the verdicts
    on what was sent, None if they were not waited for.
    """

    sent: dict[str, str]
    skipped: dict[str, str]
    verdicts: Verdicts | None


def replay(
    settings: Settings, client: Client, places: Sequence[str], mended: bytes | None = None, wait: bool = True
) -> Replay:
    """Send records under their first places, `mended` instead of their bytes, and wait until intake has read them.

    Raises CliError for what is no place, and if Kafka does not take them.
    """
    need_kafka(settings)
    sent: dict[str, str] = {}
    skipped: dict[str, str] = {}
    with ExitStack() as stack:
        try:
            reader = stack.enter_context(VerdictReader(settings)) if wait else None
            producer = stack.enter_context(closing(_producer(settings)))
            for start in range(0, len(places), AT_ONCE):
                records, why = _choose(settings, client, places[start : start + AT_ONCE], mended)
                skipped |= why
                sent |= _send(producer, records)
            return Replay(sent, skipped, reader.wait(sent) if reader is not None else None)
        except KafkaError as error:
            raise CliError(
                f"Kafka at {settings.kafka} did not answer ({type(error).__name__}) after {len(sent):,} of "
                f"{len(places):,}: is it running? Repeat the command: what has arrived counts once.",
                code=1,
            ) from error


def _choose(
    settings: Settings, client: Client, places: Iterable[str], mended: bytes | None
) -> tuple[list[tuple[str, bytes]], dict[str, str]]:
    """(places with the bytes to send, why the other places are skipped)."""
    topics = topics_of(settings)
    raw = {topics.raw(channel) for channel in topics.channels}
    records: list[tuple[str, bytes]] = []
    skipped: dict[str, str] = {}
    for place in places:
        found = original(client, *_coordinates(place))
        if found is None:  # a place mistyped would become a touch of its own
            skipped[place] = f"Nothing in the quarantine came from {place}."
        elif found.record.raw_topic not in raw:
            skipped[place] = f"{place} does not come from a raw topic, so it cannot be sent again."
        elif mended is None and len(found.original) >= KEPT_BYTES:
            skipped[place] = f"Of {place} only the first {KEPT_BYTES:,} bytes are kept: send it again with --file."
        else:
            records.append((place, found.original if mended is None else mended))
    return records, skipped


def _producer(settings: Settings) -> KafkaProducer:
    return KafkaProducer(bootstrap_servers=settings.kafka, acks="all", max_request_size=LARGEST_BLOCK_BYTES)


def _send(producer: KafkaProducer, records: list[tuple[str, bytes]]) -> dict[str, str]:
    """Returns, when Kafka has them all, the place of each in Kafka with the place it came from."""
    sent = [
        (
            place,
            producer.send(_coordinates(place)[0], key=place.encode(), value=value, headers=[(ORIGIN, place.encode())]),
        )
        for place, value in records
    ]
    stored = [(place, future.get(timeout=30)) for place, future in sent]
    return {f"{found.topic}/{found.partition}/{found.offset}": place for place, found in stored}
