"""Lags of the stages on a real Kafka."""

import uuid
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError
from kafka.structs import OffsetAndMetadata, TopicPartition

from streams.kafka.topic_admin import create_missing
from streams.topics import Topics
from tests.journeys.waiting import wait_for
from touchline.errors import CliError
from touchline.ops.lag import LagReader, StageLag, read_lag
from touchline.worker.stages import STAGES, stage_topics


@pytest.fixture
def topics(kafka: str) -> Topics:
    made = Topics(("visits", "calls"), f"lag-{uuid.uuid4().hex[:8]}.", raw_partitions=2, activity_partitions=2)
    create_missing(kafka, made, 1)
    return made


def write(kafka: str, topic: str, count: int, partition: int = 0) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka)
    for _ in range(count):
        producer.send(topic, b"x", partition=partition)
    producer.flush()
    producer.close()


def commit(kafka: str, group: str, topic: str, offset: int, partition: int = 0) -> None:
    consumer = KafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    source = TopicPartition(topic, partition)
    consumer.assign([source])
    consumer.commit({source: OffsetAndMetadata(offset, "", -1)})
    consumer.close()


def test_every_topic_is_read_by_one_stage() -> None:
    read = stage_topics(Topics(("visits", "calls")))
    assert set(read) == set(STAGES)
    assert sum(read.values(), ()) == ("visits", "calls", "activity", "timeline", "quarantine")


def test_lag_counts_records_that_are_not_committed(kafka: str, topics: Topics) -> None:
    groups = dict.fromkeys(STAGES, f"{topics.prefix}group")
    with LagReader(kafka, topics) as reader:
        assert reader.read(groups) == dict.fromkeys(STAGES, StageLag(0, 0))
        write(kafka, topics.raw("visits"), 5)
        write(kafka, topics.raw("calls"), 2, partition=1)
        write(kafka, topics.quarantine, 3)
        assert reader.read(groups) == {"intake": StageLag(7, 7), "engage": StageLag(0, 0), "store": StageLag(3, 3)}
        commit(kafka, groups["intake"], topics.raw("visits"), 4)
        assert reader.read(groups)["intake"] == StageLag(3, 7)


def test_newest_record_of_each_stage_is_that_of_its_topics(kafka: str, topics: Topics) -> None:
    with LagReader(kafka, topics) as reader:
        assert reader.newest() == dict.fromkeys(STAGES)
        producer = KafkaProducer(bootstrap_servers=kafka)
        sent = [producer.send(topics.activity, b"x", partition=number).get(timeout=60) for number in (0, 1, 0)]
        producer.close()
        assert reader.newest() == {"intake": None, "engage": max(one.timestamp for one in sent), "store": None}


def test_lag_is_read_once_kafka_has_created_its_topic_of_offsets(
    kafka: str, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [CoordinatorNotAvailableError, NotCoordinatorError, CoordinatorLoadInProgressError]
    with LagReader(kafka, topics) as reader:
        answer = reader._admin.list_group_offsets

        def refuse_first(request: Any) -> Any:
            if refusals:
                raise refusals.pop(0)()
            return answer(request)

        monkeypatch.setattr(reader._admin, "list_group_offsets", refuse_first)
        assert reader.read(dict.fromkeys(STAGES, f"{topics.prefix}new")) == dict.fromkeys(STAGES, StageLag(0, 0))
    assert not refusals


def test_stages_may_have_separate_groups(kafka: str, topics: Topics) -> None:
    groups = {stage: f"{topics.prefix}{stage}" for stage in STAGES}
    write(kafka, topics.activity, 4, partition=1)
    commit(kafka, groups["engage"], topics.activity, 4, partition=1)
    commit(kafka, groups["intake"], topics.activity, 1, partition=1)
    assert read_lag(kafka, topics, groups)["engage"] == StageLag(0, 4)


def test_missing_topic_is_an_error(kafka: str) -> None:
    with pytest.raises(CliError, match=r"Topic unknown\.visits does not exist: start a worker, which creates it\."):
        read_lag(kafka, Topics(("visits",), "unknown."), dict.fromkeys(STAGES, "unknown"))


def test_topics_that_no_worker_reads_are_listed(kafka: str, topics: Topics) -> None:
    groups = {stage: [f"{topics.prefix}all", f"{topics.prefix}{stage}"] for stage in STAGES}
    visits, calls = topics.raw("visits"), topics.raw("calls")
    with LagReader(kafka, topics) as reader:
        everything = [visits, calls, topics.activity, topics.timeline, topics.quarantine]
        assert reader.unread_topics(groups) == everything
        consumer = KafkaConsumer(calls, topics.activity, bootstrap_servers=kafka, group_id=groups["intake"][0])
        try:
            wait_for(lambda: consumer.poll(100) == {} and consumer.assignment(), "the assignment")
            assert reader.unread_topics(groups) == [visits, topics.timeline, topics.quarantine]
        finally:
            consumer.close()
