"""A site's terms on a real Kafka: the first worker says them, the others are held to them."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from streams.identity.pinned_settings import PinnedSettings
from touchline.errors import CliError
from touchline.worker import pinned_settings
from touchline.worker.kafka_setup import patiently
from touchline.worker.pinned_settings import pin_settings, read_proposals

DAY_MS = 86_400_000
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


def test_the_first_terms_hold_and_further_namespaces_come_in(kafka: str, topic: str) -> None:
    for mine in (FIRST, FIRST, MORE, MORE):
        pin_settings(kafka, topic, mine)
    assert read_proposals(kafka, topic) == [FIRST, MORE], "who has nothing to add writes nothing"


@pytest.mark.parametrize("mine", [TURNED, FIRST, PinnedSettings(DAY_MS, MORE.order)])
def test_who_has_others_is_refused_and_leaves_nothing_behind(kafka: str, topic: str, mine: PinnedSettings) -> None:
    pin_settings(kafka, topic, MORE)
    with pytest.raises(CliError, match=r"Set (half_life_days back|TOUCHLINE_IDENTIFIERS so that)"):
        pin_settings(kafka, topic, mine)
    assert read_proposals(kafka, topic) == [MORE]


@pytest.mark.parametrize(("other", "refused"), [(TURNED, True), (FIRST, False), (MORE, True)])
def test_who_is_overtaken_between_reading_and_writing_is_held_to_who_was_first(
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


def test_a_record_that_never_shows_is_not_waited_for_without_end(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned_settings, "ANSWER_S", 0.5)
    with pytest.raises(KafkaTimeoutError, match=f"{topic} could not be read up to 1"):
        read_proposals(kafka, topic, 1)


def test_a_refusal_is_said_and_not_waited_for(kafka: str) -> None:
    def refused() -> None:
        raise TopicAuthorizationFailedError("terms")

    with pytest.raises(CliError, match=r"refuses what a worker needs \(TopicAuthorizationFailedError: "):
        patiently(kafka, refused)


def test_what_others_wrote_there_is_named(kafka: str, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all")
    producer.send(topic, b"{}", partition=0).get(timeout=30)
    producer.close()
    with pytest.raises(CliError, match=rf"Topic {topic} has a record at offset 0 that is none of Touchline's"):
        pin_settings(kafka, topic, FIRST)
