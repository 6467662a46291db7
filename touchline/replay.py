"""Out of the quarantine and through intake again: the original bytes, or mended ones, under the coordinates they first
had.
"""

from datetime import datetime
from typing import Final

from kafka import KafkaProducer
from kafka.errors import KafkaError

from dashboards.quarantine import Refused, original, refused
from sinks.clickhouse import Client
from streams.intake import ORIGIN
from streams.topics import LARGEST_BLOCK_BYTES
from touchline.errors import Trouble
from touchline.settings import Settings
from touchline.stages import topics_of
from touchline.where import need_kafka

AT_ONCE: Final = 500  # records between two times of waiting for Kafka


def find(client: Client, reason: str | None, since: str | None, limit: int, also_mended: bool) -> list[Refused]:
    """What waits in the quarantine, newest first. Raises Trouble for a time that is none."""
    return refused(client, reason=reason or "", since_ms=_time_ms(since), limit=limit, open_only=not also_mended)


def _time_ms(since: str | None) -> int:
    if not since:
        return 0
    try:
        time = datetime.fromisoformat(since)
    except ValueError:
        raise Trouble(f"--since {since!r} is no time such as 2026-01-31T09:30:00Z.", code=2) from None
    if time.tzinfo is None:
        raise Trouble(f"--since {since!r} needs its zone: add Z.", code=2)
    return int(time.timestamp() * 1000)


def _coordinates(place: str) -> tuple[str, int, int]:
    try:
        topic, partition, offset = place.rsplit("/", 2)
        return topic, int(partition), int(offset)
    except ValueError:
        raise Trouble(
            f"{place!r} is no place: write TOPIC/PARTITION/OFFSET, as `touchline quarantine list` shows it.", code=2
        ) from None


def original_of(client: Client, place: str) -> bytes:
    """The bytes of a quarantined record, as they came. Raises Trouble if there is none."""
    found = original(client, *_coordinates(place))
    if found is None:
        raise Trouble(f"Nothing in the quarantine came from {place}.", code=1)
    return found.original


def raw_places(settings: Settings, found: list[Refused]) -> list[str]:
    """Those that came from a raw topic: what the store refused is no raw record, and intake could not read it."""
    topics = topics_of(settings)
    raw = {topics.raw(channel) for channel in topics.channels}
    return [one.place for one in found if one.raw_topic in raw]


def replay_all(settings: Settings, client: Client, places: list[str], mended: bytes | None) -> int:
    """Send them again; how many. Raises Trouble if one is not there, does not come from a raw topic, or Kafka does not
    take it.
    """
    topics = topics_of(settings)
    raw = {topics.raw(channel) for channel in topics.channels}
    strange = [place for place in places if _coordinates(place)[0] not in raw]
    if strange:
        raise Trouble(f"{strange[0]} does not come from a raw topic, so it cannot be sent again.", code=1)
    if mended is not None:
        original_of(client, places[0])  # a place mistyped would become a touch of its own
    count = 0
    try:
        producer = KafkaProducer(
            bootstrap_servers=need_kafka(settings), acks="all", max_request_size=LARGEST_BLOCK_BYTES
        )
        for start in range(0, len(places), AT_ONCE):
            chunk = places[start : start + AT_ONCE]
            count += _send(producer, [(place, mended or original_of(client, place)) for place in chunk])
        producer.close()
    except KafkaError as error:
        raise Trouble(
            f"Kafka at {settings.kafka} did not take more than {count} of {len(places)} ({type(error).__name__}): is "
            f"it running? Say the same again: what has arrived counts once.",
            code=1,
        ) from error
    return count


def _send(producer: KafkaProducer, records: list[tuple[str, bytes]]) -> int:
    """Returns when Kafka has them all."""
    sent = [
        producer.send(_coordinates(place)[0], key=place.encode(), value=value, headers=[(ORIGIN, place.encode())])
        for place, value in records
    ]
    for one in sent:
        one.get(timeout=30)
    return len(sent)
