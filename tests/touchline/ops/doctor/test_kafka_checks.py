"""Checks of Kafka: topics and pinned settings."""

import time
import uuid

import pytest

from streams.kafka.topic_admin import create_missing
from tests.touchline.ops.doctor.checking import findings
from touchline.settings import read_settings
from touchline.worker.pinned_settings import pin_settings, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of


def test_topics_are_checked(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    prefix = f"doctor-{uuid.uuid4().hex[:8]}."
    found = findings(monkeypatch, KAFKA=kafka, TOPIC_PREFIX=prefix)
    assert found["Kafka"].ok
    assert found["topics"].detail.startswith(f"missing, a worker will create them: {prefix}visits")
    topics = topics_of(read_settings())
    create_missing(kafka, topics, 1)
    deadline_s = time.monotonic() + 60
    expected = f"all {len(topics.all())} exist"
    while (detail := findings(monkeypatch)["topics"].detail) != expected:  # creation takes a moment
        assert time.monotonic() < deadline_s, detail
    found = findings(monkeypatch, ACTIVITY_PARTITIONS="5")
    assert not found["topics"].ok
    assert f"Topic {prefix}activity has 8 partitions, the settings say 5" in found["topics"].detail


def test_settings_that_differ_from_the_pinned_ones_are_a_problem(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    prefix = f"doctor-{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_TOPIC_PREFIX", prefix)
    topics = topics_of(read_settings())
    create_missing(kafka, topics, 1)
    pin_settings(kafka, topics.pinned_settings, settings_to_pin(read_settings(), read_rules(None)))
    assert findings(monkeypatch)["topics"].ok
    found = findings(monkeypatch, IDENTIFIERS="email,customer_id")
    assert "the settings list email, customer_id. Set TOUCHLINE_IDENTIFIERS" in found["topics"].detail
    assert f"delete the topic {prefix}terms" in found["topics"].detail
