"""The touches that `examples/send_touches.py` sends arrive in the raw topics and fulfil the contract."""

import json
from uuid import uuid4

from kafka import KafkaConsumer

from schemas.channels import CHANNELS
from tests.examples.running import create_topics, run_example


def test_a_valid_touch_arrives_in_the_topic_of_each_channel(kafka: str) -> None:
    prefix = f"ex{uuid4().hex[:8]}-"
    topics = {f"{prefix}{channel}": channel for channel in CHANNELS}
    create_topics(kafka, *topics)
    lines = run_example("send_touches.py", kafka, "--prefix", prefix)
    assert lines[-1] == f"{len(CHANNELS)} touches acknowledged by Kafka"
    consumer = KafkaConsumer(
        *topics, bootstrap_servers=kafka, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=10_000
    )
    received = {}
    for record in consumer:
        received[topics[record.topic]] = json.loads(record.value)
        if len(received) == len(topics):
            break
    consumer.close()
    assert received.keys() == set(topics.values())
    for channel, touch in received.items():
        valid = CHANNELS[channel].model_validate(touch)
        assert valid.email == "ada@example.org"
        assert any(touch["event_id"] in line for line in lines)
