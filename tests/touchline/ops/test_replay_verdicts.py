"""The verdict of intake on records that were sent again."""

import uuid

from sinks.clickhouse.client import Client
from streams.kafka.topic_admin import create_missing
from touchline.ops.replay_verdicts import VerdictReader, Verdicts
from touchline.settings import read_settings
from touchline.worker.stages import topics_of


def test_without_a_worker_there_is_no_verdict(client: Client, kafka: str) -> None:
    settings = read_settings(kafka=kafka, topic_prefix=f"replay-{uuid.uuid4().hex[:8]}.", group="nobody")
    topics = topics_of(settings)
    create_missing(kafka, topics, 1)
    with VerdictReader(settings) as reader:
        found = reader.wait({f"{topics.raw('visits')}/0/0": "visits/1/7"}, idle_limit_s=0)
    assert found == Verdicts((), (), ("visits/1/7",))
