"""Requests to Kafka before a worker processes records: reachability, topics, the cluster's id."""

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from kafka import KafkaAdminClient
from kafka.errors import AuthorizationError, InvalidRecordError, KafkaConnectionError, KafkaError

from deploy.kafka_probe import any_listening
from streams.kafka.topic_admin import TopicError, create_missing
from touchline.errors import CliError
from touchline.settings import Settings
from touchline.worker.group_offsets import retry_while_loading
from touchline.worker.stages import topics_of

RETRY_S: Final = 3.0
CONNECT_S: Final = 2.0
T = TypeVar("T")

log = logging.getLogger(__name__)


def check_reachable(kafka: str) -> None:
    """Raise KafkaConnectionError unless a broker accepts connections, CliError if `kafka` is not an address.

    The client itself would try for half a minute before it reports that.
    """
    try:
        if not any_listening(kafka, CONNECT_S):
            raise KafkaConnectionError("no broker accepts connections")
    except ValueError as error:
        raise CliError(f"TOUCHLINE_KAFKA={kafka!r} is not an address such as host:9092[,host:9092].") from error


def retry_until_answered(kafka: str, request: Callable[[], T]) -> T:
    """Repeat a request until Kafka answers, and log one warning when waiting begins. Raises CliError if it refuses."""
    warned = False
    while True:
        try:
            check_reachable(kafka)
            return retry_while_loading(request)
        except (AuthorizationError, InvalidRecordError) as error:
            raise CliError(
                f"Kafka at {kafka} refuses what a worker needs ({type(error).__name__}: {error}): grant it read and "
                "write access to its topics and groups, and leave their settings as Touchline makes them."
            ) from error
        except KafkaError as error:
            if not warned:
                log.warning("Kafka at %s does not answer (%s); waiting for it.", kafka, type(error).__name__)
                warned = True
            time.sleep(RETRY_S)


def request_admin(kafka: str, request: Callable[[KafkaAdminClient], T]) -> T:
    """Send a request through Kafka's admin client until it is answered. The request may be sent more than once."""

    def connect_and_send() -> T:
        admin = KafkaAdminClient(bootstrap_servers=kafka)
        try:
            return request(admin)
        finally:
            admin.close()

    return retry_until_answered(kafka, connect_and_send)


def ensure_topics(settings: Settings) -> list[str]:
    """Create the missing topics, however long Kafka takes to answer. Raises CliError if a topic has wrong settings."""
    topics = topics_of(settings)
    try:
        return retry_until_answered(
            settings.kafka, lambda: create_missing(settings.kafka, topics, settings.replication)
        )
    except TopicError as error:
        raise CliError(str(error)) from error


def cluster_id(kafka: str) -> str:
    """Return the id of the Kafka cluster. Offsets have a meaning only within one cluster."""
    return request_admin(kafka, lambda admin: str(admin.describe_cluster()["cluster_id"]))
