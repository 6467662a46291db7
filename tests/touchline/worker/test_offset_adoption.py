"""Changing between one group for all stages and one each: a worker continues from the offsets of the former group."""

from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.structs import OffsetAndMetadata, TopicPartition

from streams.kafka.topic_admin import create_missing
from touchline.settings import Settings
from touchline.worker.offset_adoption import adopt_offsets, missing_offsets, other_groups
from touchline.worker.stages import STAGES, group_of, topics_of


def at(offset: int) -> OffsetAndMetadata:
    return OffsetAndMetadata(offset, "", -1)


@pytest.mark.parametrize(
    ("stages", "some"),
    [
        (STAGES, ["touchline-intake", "touchline-engage-store"]),
        (["intake"], ["touchline", "touchline-intake-store"]),
        (["engage", "store"], ["touchline", "touchline-engage", "touchline-intake-store"]),
    ],
)
def test_groups_that_may_have_run_the_stages_before(stages: list[str], some: list[str]) -> None:
    groups = other_groups(Settings(), stages)
    assert set(some) <= set(groups)
    assert group_of(Settings(), stages) not in groups


def test_only_missing_offsets_are_adopted_and_the_furthest_of_each() -> None:
    one, two, foreign = TopicPartition("activity", 0), TopicPartition("activity", 1), TopicPartition("visits", 0)
    found = missing_offsets({one: at(5)}, [{one: at(9), two: at(3), foreign: at(8)}, {two: at(4)}], ["activity"])
    assert found == {two: 4}


def test_new_group_continues_from_the_offsets_of_the_old_one(kafka: str) -> None:
    unique = f"t{uuid4().hex[:8]}"
    settings = Settings(kafka=kafka, group=unique, topic_prefix=f"{unique}-")
    topics = topics_of(settings)
    create_missing(kafka, topics, 1)
    place = TopicPartition(topics.activity, 3)
    adopt_offsets(settings, STAGES)  # nothing to adopt yet; Kafka creates its topic of offsets
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        admin.alter_group_offsets(group_of(settings, STAGES), {place: at(17)})
        assert adopt_offsets(settings, ["engage"]) == 1
        assert adopt_offsets(settings, ["engage"]) == 0
        adopted = group_of(settings, ["engage"])
        assert admin.list_group_offsets({adopted: [place]})[adopted][place].offset == 17
    finally:
        admin.close()
