"""The feeder knows from the topics what has landed."""

from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import pytest
from kafka.admin import KafkaAdminClient, NewTopic

from tests.chaos.feeder import Feeder, make_producer, read_raw_topics
from tests.chaos.load import ACTIVITY, Pace
from tests.journeys.crowd import CHANNELS, Raw
from tests.journeys.waiting import wait_for

RECEIVED_MS = 1_769_851_800_000
RAWS = [
    Raw(
        CHANNELS[n % 3], n % 2, b"value %d" % n, b"key" if n % 5 == 0 else None, RECEIVED_MS + n if n % 7 == 0 else None
    )
    for n in range(300)
]


@pytest.fixture
def prefix(kafka: str) -> str:
    """The prefix of new topics."""
    prefix = f"feeder{uuid4().hex[:6]}-"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic(prefix + name, 2, 1) for name in (*CHANNELS, ACTIVITY)])
    admin.close()
    return prefix


@pytest.fixture
def feeder(kafka: str, prefix: str) -> Iterator[Feeder]:
    feeder = Feeder(kafka, prefix, RAWS, rate=1e6, paces=[Pace(0, 1.0), Pace(100, 2.0)])
    yield feeder
    feeder.close()


def test_everything_is_found_where_it_was_sent(feeder: Feeder, prefix: str) -> None:
    feeder.start()
    wait_for(lambda: feeder.done, "the load to be sent")
    landed = feeder.settle()
    assert sorted(one.index for one in landed) == list(range(300))
    for one in landed:
        raw = RAWS[one.index]
        assert (one.topic, one.partition, one.key, one.value) == (
            prefix + raw.channel,
            raw.partition,
            raw.key,
            raw.value,
        )
        assert one.timestamp_ms == (raw.received_at_ms or one.timestamp_ms) >= RECEIVED_MS
    assert len(feeder.sent_at_s) == 300


def test_a_topic_sent_again_is_there_twice(feeder: Feeder) -> None:
    feeder.send_now(30)
    feeder.settle()
    assert feeder.send_again("visits") == 10
    copies = Counter(one.index for one in feeder.settle())
    assert copies == {n: 2 if RAWS[n].channel == "visits" else 1 for n in range(30)}


def test_kept_records_are_sent_only_on_request(kafka: str, prefix: str) -> None:
    feeder = Feeder(kafka, prefix, RAWS, rate=1e6, kept=20)
    try:
        feeder.start()
        wait_for(lambda: feeder.sent >= 280, "all but the kept records to be sent")
        feeder.end_pacing()
        assert feeder.sent == 280
        feeder.send_now(500)
        assert feeder.done
    finally:
        feeder.close()


def test_records_that_did_not_land_are_sent_again(feeder: Feeder) -> None:
    feeder.send_now(10)
    feeder.sent = 12  # two records that Kafka did not receive
    assert sorted(one.index for one in feeder.settle()) == list(range(12))


def test_records_of_other_senders_are_ignored(kafka: str, prefix: str, feeder: Feeder) -> None:
    producer = make_producer(kafka)
    producer.send(prefix + ACTIVITY, b"a record of a worker", partition=0)
    producer.flush(30)
    producer.close()
    feeder.send_now(5)
    assert len(feeder.settle()) == 5
    assert len(read_raw_topics(kafka, prefix, [ACTIVITY])) == 0
