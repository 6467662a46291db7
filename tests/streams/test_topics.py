from streams.topics import TIMELINE_PARTITIONS, Topics


def test_a_channel_is_a_topic_and_nothing_else_changes() -> None:
    few, more = Topics(("visits",)), Topics(("visits", "letters"))
    assert {topic.name for topic in more.all()} - {topic.name for topic in few.all()} == {"letters"}


def test_state_has_as_many_partitions_as_what_it_is_made_of() -> None:
    topics = Topics(("visits", "calls"), activity_partitions=3)
    made = {topic.name: topic.partitions for topic in topics.all()}
    assert made[topics.states] == made[topics.seen] == made[topics.activity] == 3
    assert made[topics.timeline] == TIMELINE_PARTITIONS


def test_the_broker_says_when_something_came() -> None:
    timed = {topic.name for topic in Topics(("visits",)).all() if "message.timestamp.type" in topic.config}
    assert timed == {"visits", "activity", "timeline", "quarantine"}
