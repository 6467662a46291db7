"""`examples/read_profiles.py` prints the newest version of each profile and leaves out tombstones."""

import json
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from tests.examples.running import create_topics, run_example


def profile(version: int, touches: int) -> bytes:
    """A message of the topic `profiles`, with the fields the example reads."""
    return json.dumps(
        {
            "version": version,
            "touches": touches,
            "rank_pos": -1e300,
            "rank_neg": -1e300,
            "last_source": "newsletter",
        }
    ).encode()


@pytest.fixture
def prefix(kafka: str) -> str:
    """The prefix of a topic `profiles` with late older versions, a tombstone and one plain profile."""
    prefix = f"ex{uuid4().hex[:8]}-"
    create_topics(kafka, f"{prefix}profiles")
    producer = KafkaProducer(bootstrap_servers=kafka)
    for key, value, headers in [
        (b"main|email:ada@example.org", profile(2, 5), []),
        (b"main|email:ada@example.org", profile(1, 4), []),
        (b"main|anonymous_id:visitor-1", profile(7, 1), []),
        (b"main|anonymous_id:visitor-1", None, [("version", b"9")]),
        (b"main|anonymous_id:visitor-1", profile(8, 2), []),
        (b"main|phone:+4930901820", profile(3, 9), []),
    ]:
        producer.send(f"{prefix}profiles", key=key, value=value, headers=headers)
    producer.flush()
    producer.close()
    return prefix


def test_the_newest_version_of_each_profile_is_printed(kafka: str, prefix: str) -> None:
    assert run_example("read_profiles.py", kafka, "--prefix", prefix) == [
        "main|email:ada@example.org: 5 touches, score 0.0, last source newsletter",
        "main|phone:+4930901820: 9 touches, score 0.0, last source newsletter",
    ]
