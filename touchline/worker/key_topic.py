"""Requests to Kafka about write keys, for commands: all entries, and one more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from aiokafka.errors import KafkaError

from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.topic import KeyTopicMissingError, read_table, write_entry
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.settings import Settings
from touchline.worker.kafka_setup import check_reachable, ensure_topics
from touchline.worker.stages import topics_of

ANSWER_S: Final = 15.0
T = TypeVar("T")


def read_entries(settings: Settings) -> dict[bytes, KeyEntry]:
    """Return the entries of all keys by hash; none if the topic does not exist yet. Raises CliError."""
    try:
        return _request(settings.kafka, read_table(settings.kafka, topics_of(settings).write_keys)).entries()
    except KeyTopicMissingError:
        return {}


def store_entry(settings: Settings, key_hash: bytes, entry: KeyEntry) -> None:
    """Append an entry, acknowledged by all in-sync replicas. Raises CliError.

    If no worker has run yet, this creates the topics, since a key may be needed before.
    """
    kafka, topic = settings.kafka, topics_of(settings).write_keys
    try:
        _request(kafka, read_table(kafka, topic))
    except KeyTopicMissingError:
        ensure_topics(settings)
    _request(kafka, write_entry(kafka, topic, key_hash, entry))


def _request(kafka: str, request: Coroutine[Any, Any, T]) -> T:
    """Run a request. Raises CliError if Kafka does not answer it."""
    try:
        check_reachable(kafka)
        return asyncio.run(asyncio.wait_for(request, ANSWER_S))
    except TimeoutError as error:
        raise CliError(
            f"Kafka at {kafka} did not answer within {ANSWER_S:.0f} s: {KAFKA_ADVICE}. See `touchline doctor`.", 1
        ) from error
    except KafkaError as error:
        raise CliError(
            f"Kafka at {kafka} did not answer ({type(error).__name__}): {KAFKA_ADVICE}. See `touchline doctor`.", 1
        ) from error
    finally:
        request.close()
