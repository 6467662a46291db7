"""Requests to Kafka about write keys and API tokens, for commands: all entries, and one more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from aiokafka.errors import KafkaError

from sources.collector.keys.entry_layout import E, EntryLayout
from sources.collector.keys.topic import KeyTopicMissingError, read_table, write_entry
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.settings import Settings
from touchline.worker.kafka_setup import check_reachable, ensure_topics

ANSWER_S: Final = 15.0
T = TypeVar("T")


def read_entries(settings: Settings, topic: str, layout: EntryLayout[E]) -> dict[bytes, E]:
    """Return all entries of a topic by hash; none if the topic does not exist yet. Raises CliError."""
    try:
        return _request(settings.kafka, read_table(settings.kafka, topic, layout)).entries()
    except KeyTopicMissingError:
        return {}


def store_entry(settings: Settings, topic: str, layout: EntryLayout[E], key_hash: bytes, entry: E) -> None:
    """Append an entry, acknowledged by all in-sync replicas. Raises CliError.

    If no worker has run yet, this creates the topics, since a secret may be needed before.
    """
    kafka = settings.kafka
    try:
        _request(kafka, read_table(kafka, topic, layout))
    except KeyTopicMissingError:
        ensure_topics(settings)
    _request(kafka, write_entry(kafka, topic, layout, key_hash, entry))


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
