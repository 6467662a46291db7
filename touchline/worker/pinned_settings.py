"""Holding a worker to the terms its site began with, before it takes a record.

Proposals stand on a topic of one partition. Who finds none there, or may add to what holds, writes its own and reads
again up to its record: of several that do so at once, all come to the same.
"""

import time
from contextlib import suppress
from typing import Final

import msgspec
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.structs import TopicPartition

from streams.identity.pinned_settings import PinnedSettings, find_conflict, resolve_proposals
from streams.rules.evaluator import Rules
from touchline.errors import CliError
from touchline.settings import Settings
from touchline.worker.kafka_setup import patiently

ANSWER_S: Final = 10.0
CLOSE_S: Final = 1.0
POLL_MS: Final = 200
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(PinnedSettings).decode


def settings_to_pin(settings: Settings, rules: Rules) -> PinnedSettings:
    """What these mean for the site."""
    return PinnedSettings(rules.half_life_ms, settings.identifiers)


def pin_settings(kafka: str, topic: str, mine: PinnedSettings) -> None:
    """Waits for Kafka. Raises CliError where the site has other terms, which stay as they are."""
    held = patiently(kafka, lambda: _agree(kafka, topic, mine))
    if fault := find_conflict(held, mine):
        raise CliError(describe_conflict(fault, topic))


def describe_conflict(fault: str, topic: str) -> str:
    """With the cheap way out, which is right as long as there is nothing to lose."""
    return f"{fault} If nothing was taken in yet, stop all workers and delete the topic {topic}; then start again."


def _agree(kafka: str, topic: str, mine: PinnedSettings) -> PinnedSettings:
    held = resolve_proposals(read_proposals(kafka, topic))
    if held is not None and (held == mine or find_conflict(held, mine)):
        return held
    offset = _propose(kafka, topic, mine)
    held = resolve_proposals(read_proposals(kafka, topic, offset + 1))
    assert held is not None, "ours is there"
    return held


def _propose(kafka: str, topic: str, mine: PinnedSettings) -> int:
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all", max_block_ms=int(ANSWER_S * 1000))
    try:
        return int(producer.send(topic, _encode(mine), partition=0).get(timeout=ANSWER_S).offset)
    finally:
        with suppress(KafkaError):  # what is still on its way may arrive: said twice, it changes nothing
            producer.close(timeout=CLOSE_S)


def read_proposals(kafka: str, topic: str, count: int = 0) -> list[PinnedSettings]:
    """Everything that was ever proposed, the earliest first, and up to that offset at least.

    Raises CliError, or kafka-python's KafkaError.
    """
    place, deadline_s, found = TopicPartition(topic, 0), time.monotonic() + ANSWER_S, list[PinnedSettings]()
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    try:
        consumer.assign([place])
        at = consumer.beginning_offsets([place])[place]
        end = max(count, consumer.end_offsets([place])[place])
        consumer.seek(place, at)
        while at < end:
            if time.monotonic() > deadline_s:
                raise KafkaTimeoutError(f"{topic} could not be read up to {end}")
            for record in consumer.poll(POLL_MS).get(place, []):
                found.append(_read(topic, record.offset, record.value))
                at = record.offset + 1
        return found
    finally:
        consumer.close()


def _read(topic: str, offset: int, value: bytes | None) -> PinnedSettings:
    try:
        return _decode(value or b"")
    except msgspec.DecodeError as error:
        raise CliError(
            f"Topic {topic} has a record at offset {offset} that is none of Touchline's ({error}): use another "
            "TOUCHLINE_TOPIC_PREFIX, or find out who writes there."
        ) from error
