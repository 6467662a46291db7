"""Pinned settings on a real Kafka: the first worker sets them, and all others must agree."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from schemas.time import DAY_MS
from streams.identity.pinned_settings import PinnedSettings
from touchline.errors import CliError
from touchline.worker import pinned_settings
from touchline.worker.kafka_setup import retry_until_answered
from touchline.worker.pinned_settings import pin_settings, read_proposals

FIRST = PinnedSettings(7 * DAY_MS, ("customer_id", "email"))
MORE = PinnedSettings(7 * DAY_MS, ("master_id", "customer_id", "email"))
TURNED = PinnedSettings(7 * DAY_MS, ("email", "customer_id"))


@pytest.fixture
def topic(kafka: str) -> Iterator[str]:
    name = f"terms-{uuid4().hex[:8]}"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        admin.create_topics([NewTopic(name, 1, 1)])
        yield name
    finally:
        admin.close()


def test_first_proposal_holds_and_namespaces_may_be_added(kafka: str, topic: str) -> None:
    for mine in (FIRST, FIRST, MORE, MORE):
        pin_settings(kafka, topic, mine)
    assert read_proposals(kafka, topic) == [FIRST, MORE], "a worker with nothing to add writes nothing"


@pytest.mark.parametrize("mine", [TURNED, FIRST, PinnedSettings(DAY_MS, MORE.order)])
def test_worker_with_other_settings_is_refused_and_writes_nothing(kafka: str, topic: str, mine: PinnedSettings) -> None:
    pin_settings(kafka, topic, MORE)
    with pytest.raises(CliError, match=r"Set (half_life_days back|TOUCHLINE_IDENTIFIERS so that)"):
        pin_settings(kafka, topic, mine)
    assert read_proposals(kafka, topic) == [MORE]


@pytest.mark.parametrize(("other", "refused"), [(TURNED, True), (FIRST, False), (MORE, True)])
def test_of_two_simultaneous_proposals_the_first_holds(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch, other: PinnedSettings, refused: bool
) -> None:
    propose = pinned_settings._propose

    def overtaken(*given: Any) -> int:
        monkeypatch.undo()
        pin_settings(kafka, topic, other)
        return propose(*given)

    monkeypatch.setattr(pinned_settings, "_propose", overtaken)
    with pytest.raises(CliError) if refused else nullcontext():
        pin_settings(kafka, topic, FIRST)
    assert read_proposals(kafka, topic) == [other, FIRST]
    pin_settings(kafka, topic, other)


def test_wait_for_a_record_that_never_arrives_ends(kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinned_settings, "ANSWER_S", 0.5)
    with pytest.raises(KafkaTimeoutError, match=f"{topic} could not be read up to 1"):
        read_proposals(kafka, topic, 1)


def test_refusal_by_kafka_is_an_error_at_once(kafka: str) -> None:
    def refused() -> None:
        raise TopicAuthorizationFailedError("terms")

    with pytest.raises(CliError, match=r"refuses what a worker needs \(TopicAuthorizationFailedError: "):
        retry_until_answered(kafka, refused)


def test_record_of_another_program_is_an_error(kafka: str, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all")
    producer.send(topic, b"{}", partition=0).get(timeout=30)
    producer.close()
    with pytest.raises(CliError, match=rf"Topic {topic} has a record at offset 0 that Touchline did not write"):
        pin_settings(kafka, topic, FIRST)
