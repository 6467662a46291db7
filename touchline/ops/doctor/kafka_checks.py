"""Checks of Kafka: its broker, its topics and the settings pinned there. They return what they find."""

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.kafka_probe import cluster_at
from streams.identity.pinned_settings import find_conflict, resolve_proposals
from streams.kafka.topic_admin import TopicError, check_topics, read_topic_settings
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.ops.doctor.findings import CheckError, SkippedCheckError
from touchline.settings import Settings
from touchline.worker.pinned_settings import describe_conflict, read_proposals, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of


def check_kafka(settings: Settings) -> str:
    """Check that Kafka answers. Raises CheckError, and SkippedCheckError if no address is set."""
    if not settings.kafka:
        raise SkippedCheckError("no address is set: `touchline up` runs its own")
    try:
        cluster = cluster_at(settings.kafka.split(",")[0])
    except ValueError as error:
        raise CheckError(f"TOUCHLINE_KAFKA={settings.kafka!r} is not an address: write host:port.") from error
    if cluster is None:
        raise CheckError(f"nothing answers at {settings.kafka}: {KAFKA_ADVICE}.")
    return f"{settings.kafka}, cluster {cluster}"


def check_all_topics(settings: Settings) -> str:
    """Check that existing topics have the settings they need. Raises CheckError, SkippedCheckError."""
    try:
        check_kafka(settings)
    except CheckError as error:
        raise SkippedCheckError("Kafka does not answer: see above") from error
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka)
    try:
        existing = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
        topics = topics_of(settings)
        wanted = topics.all()
        configs = read_topic_settings(admin, [topic.name for topic in wanted if topic.name in existing])
    finally:
        admin.close()
    try:
        check_topics(existing, wanted, configs)
    except TopicError as error:
        raise CheckError(str(error)) from error
    if topics.pinned_settings in existing:
        _check_pinned(settings, topics.pinned_settings)
    missing = [topic.name for topic in wanted if topic.name not in existing]
    return f"missing, a worker will create them: {', '.join(missing)}" if missing else f"all {len(wanted)} exist"


def _check_pinned(settings: Settings, topic: str) -> None:
    """Check that a worker would accept the pinned settings. Raises CheckError."""
    try:
        mine = settings_to_pin(settings, read_rules(settings.rules))
    except CliError:
        return  # the check of the rules reports it
    try:
        pinned = resolve_proposals(read_proposals(settings.kafka, topic))
    except KafkaError as error:
        raise CheckError(f"{topic} cannot be read ({type(error).__name__}): see the log of the broker.") from error
    except CliError as error:
        raise CheckError(str(error)) from error
    if pinned is not None and (fault := find_conflict(pinned, mine)):
        raise CheckError(describe_conflict(fault, topic))
