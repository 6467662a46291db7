"""Holding a worker to the terms its site was begun with, before it takes a record.

They stand on a topic of one partition. Who finds none there, or may add to them, writes its own and reads again up to
its record: of several that do so at once, all come to the same.
"""

import time
from typing import Final

import msgspec
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaTimeoutError
from kafka.structs import TopicPartition

from streams.fold.terms import Terms, agree, find_fault
from touchline.errors import Trouble
from touchline.kafka_side import patiently

ANSWER_S: Final = 10.0
POLL_MS: Final = 200
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Terms).decode


def bind_terms(kafka: str, topic: str, mine: Terms) -> None:
    """Waits for Kafka. Raises Trouble where the site has other terms; they are as they were then."""
    held = patiently(kafka, lambda: _agree(kafka, topic, mine))
    if fault := find_fault(held, mine):
        raise Trouble(fault)


def _agree(kafka: str, topic: str, mine: Terms) -> Terms:
    held = agree(read_terms(kafka, topic))
    if held is None or (held != mine and not find_fault(held, mine)):
        _write(kafka, topic, mine)
        held = agree(read_terms(kafka, topic))
    return held or mine


def _write(kafka: str, topic: str, mine: Terms) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all")
    try:
        producer.send(topic, _encode(mine), partition=0).get(timeout=ANSWER_S)
    finally:
        producer.close()


def read_terms(kafka: str, topic: str) -> list[Terms]:
    """Everything that was ever proposed, the earliest first. Raises Trouble, or kafka-python's KafkaError."""
    place = TopicPartition(topic, 0)
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    try:
        consumer.assign([place])
        consumer.seek_to_beginning(place)
        end, deadline_s, found = consumer.end_offsets([place])[place], time.monotonic() + ANSWER_S, list[Terms]()
        while consumer.position(place) < end:
            if time.monotonic() > deadline_s:
                raise KafkaTimeoutError(f"{topic} could not be read")
            for record in consumer.poll(POLL_MS).get(place, []):
                found.append(_read(topic, record.offset, record.value))
        return found
    finally:
        consumer.close()


def _read(topic: str, offset: int, value: bytes | None) -> Terms:
    try:
        return _decode(value or b"")
    except msgspec.DecodeError as error:
        raise Trouble(
            f"Topic {topic} has a record at offset {offset} that is none of Touchline's ({error}): use another "
            "TOUCHLINE_TOPIC_PREFIX, or find out who writes there."
        ) from error
