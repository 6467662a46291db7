"""What is asked of Kafka outside the stream: is it there, its topics, who it is, where a group stands."""

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from kafka import KafkaAdminClient
from kafka.errors import (
    AuthorizationError,
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    InvalidRecordError,
    KafkaConnectionError,
    KafkaError,
    NotCoordinatorError,
)

from deploy.kafka_probe import any_listening
from streams.kafka.topic_admin import TopicError, create_missing
from touchline.errors import CliError
from touchline.settings import Settings
from touchline.worker.stages import topics_of

AGAIN_S: Final = 3.0
# What a new Kafka says while it makes its own topic of offsets, which it does when it is first asked for one.
COMING: Final = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
COMING_S: Final = 0.2  # until it is asked again
CONNECT_S: Final = 2.0
T = TypeVar("T")

log = logging.getLogger(__name__)


def patiently(kafka: str, ask: Callable[[], T]) -> T:
    """Ask until Kafka answers, with one line when waiting begins. Raises CliError where it refuses."""
    told = False
    while True:
        try:
            if not _listens(kafka):  # the client itself would try for half a minute before it says so
                raise KafkaConnectionError("nobody listens")
            return ask()
        except COMING:
            time.sleep(COMING_S)
        except (AuthorizationError, InvalidRecordError) as error:
            raise CliError(
                f"Kafka at {kafka} refuses what a worker needs ({type(error).__name__}: {error}): give it the right to "
                "read and write its topics and groups, and leave their settings as Touchline makes them."
            ) from error
        except KafkaError as error:
            if not told:
                log.warning("Kafka at %s does not answer (%s); waiting for it.", kafka, type(error).__name__)
                told = True
            time.sleep(AGAIN_S)


def _listens(kafka: str) -> bool:
    try:
        return any_listening(kafka, CONNECT_S)
    except ValueError as error:
        raise CliError(f"TOUCHLINE_KAFKA={kafka!r} is no address such as host:9092[,host:9092].") from error


def ask_admin(kafka: str, question: Callable[[KafkaAdminClient], T]) -> T:
    """The answer to a question put to Kafka's administration, asked until Kafka gives one: it may be put again."""

    def ask() -> T:
        admin = KafkaAdminClient(bootstrap_servers=kafka)
        try:
            return question(admin)
        finally:
            admin.close()

    return patiently(kafka, ask)


def ensure_topics(settings: Settings) -> list[str]:
    """Create missing topics, however long Kafka takes to answer. Raises CliError for a topic that cannot be used."""
    try:
        return patiently(
            settings.kafka, lambda: create_missing(settings.kafka, topics_of(settings), settings.replication)
        )
    except TopicError as error:
        raise CliError(str(error)) from error


def cluster_id(kafka: str) -> str:
    """Kafka's own name for itself: offsets mean something only within it."""
    return ask_admin(kafka, lambda admin: str(admin.describe_cluster()["cluster_id"]))
