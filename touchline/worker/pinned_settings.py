"""Agreement of all workers on the settings that are pinned when a site starts (`streams.identity.pinned_settings`).

Proposals are records of a topic of one partition. A worker that finds none, or may add to those in force, appends its
own and reads again up to its record; workers that do so at the same time arrive at the same result.
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
from touchline.worker.kafka_setup import retry_until_answered

ANSWER_S: Final = 10.0
CLOSE_S: Final = 1.0
POLL_MS: Final = 200
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(PinnedSettings).decode


def settings_to_pin(settings: Settings, rules: Rules) -> PinnedSettings:
    """Return the part of these settings and rules that is pinned."""
    return PinnedSettings(rules.half_life_ms, settings.identifiers)


def pin_settings(kafka: str, topic: str, mine: PinnedSettings) -> None:
    """Pin this worker's settings, or compare them with the pinned ones. Raises CliError if they differ."""
    held = retry_until_answered(kafka, lambda: _agree(kafka, topic, mine))
    if fault := find_conflict(held, mine):
        raise CliError(describe_conflict(fault, topic))


def describe_conflict(fault: str, topic: str) -> str:
    """Return the error with the quick remedy, which is right as long as no touch was accepted."""
    return f"{fault} If no touch was accepted yet, stop all workers and delete the topic {topic}; then start again."


def _agree(kafka: str, topic: str, mine: PinnedSettings) -> PinnedSettings:
    held = resolve_proposals(read_proposals(kafka, topic))
    if held is not None and (held == mine or find_conflict(held, mine)):
        return held
    offset = _propose(kafka, topic, mine)
    held = resolve_proposals(read_proposals(kafka, topic, offset + 1))
    assert held is not None, "the topic holds this worker's proposal"
    return held


def _propose(kafka: str, topic: str, mine: PinnedSettings) -> int:
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all", max_block_ms=int(ANSWER_S * 1000))
    try:
        return int(producer.send(topic, _encode(mine), partition=0).get(timeout=ANSWER_S).offset)
    finally:
        with suppress(KafkaError):  # a proposal that arrives twice changes nothing
            producer.close(timeout=CLOSE_S)


def read_proposals(kafka: str, topic: str, count: int = 0) -> list[PinnedSettings]:
    """Return all proposals, the earliest first. Waits until there are at least `count`.

    Raises CliError for a record that is not a proposal, and kafka-python's KafkaError.
    """
    partition, deadline_s, found = TopicPartition(topic, 0), time.monotonic() + ANSWER_S, list[PinnedSettings]()
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    try:
        consumer.assign([partition])
        at = consumer.beginning_offsets([partition])[partition]
        end = max(count, consumer.end_offsets([partition])[partition])
        consumer.seek(partition, at)
        while at < end:
            if time.monotonic() > deadline_s:
                raise KafkaTimeoutError(f"{topic} could not be read up to {end}")
            for record in consumer.poll(POLL_MS).get(partition, []):
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
            f"Topic {topic} has a record at offset {offset} that Touchline did not write ({error}): use another "
            "TOUCHLINE_TOPIC_PREFIX, or find out which program writes there."
        ) from error
