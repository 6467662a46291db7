"""The list of topics: numbers of partitions and configuration."""

from streams.topics import TIMELINE_PARTITIONS, Topics


def test_a_channel_adds_one_topic() -> None:
    few, more = Topics(("visits",)), Topics(("visits", "letters"))
    assert {topic.name for topic in more.all()} - {topic.name for topic in few.all()} == {"letters"}


def test_changelogs_have_as_many_partitions_as_activity() -> None:
    topics = Topics(("visits", "calls"), activity_partitions=3)
    made = {topic.name: topic.partitions for topic in topics.all()}
    assert made[topics.states] == made[topics.seen] == made[topics.activity] == 3
    assert made[topics.timeline] == TIMELINE_PARTITIONS


def test_topics_with_arrival_times_use_the_time_of_the_broker() -> None:
    timed = {topic.name for topic in Topics(("visits",)).all() if "message.timestamp.type" in topic.config}
    assert timed == {"visits", "activity", "timeline", "quarantine"}
