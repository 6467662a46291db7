"""A site's terms on a real Kafka: the first worker says them, the others are held to them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from streams.fold.terms import Terms
from touchline.errors import Trouble
from touchline.terms import bind_terms, read_terms

DAY_MS = 86_400_000
FIRST = Terms(7 * DAY_MS, ("customer_id", "email"))
MORE = Terms(7 * DAY_MS, ("master_id", "customer_id", "email"))
TURNED = Terms(7 * DAY_MS, ("email", "customer_id"))


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
        bind_terms(kafka, topic, mine)
    assert read_terms(kafka, topic) == [FIRST, MORE], "who has nothing to add writes nothing"


@pytest.mark.parametrize("mine", [TURNED, FIRST, Terms(DAY_MS, MORE.order)])
def test_who_has_others_is_refused_and_leaves_nothing_behind(kafka: str, topic: str, mine: Terms) -> None:
    bind_terms(kafka, topic, MORE)
    with pytest.raises(Trouble, match=r"Set (half_life_days back|TOUCHLINE_IDENTIFIERS so that)"):
        bind_terms(kafka, topic, mine)
    assert read_terms(kafka, topic) == [MORE]


def test_of_two_that_begin_at_once_one_is_refused(kafka: str, topic: str) -> None:
    def begin(mine: Terms) -> str:
        try:
            bind_terms(kafka, topic, mine)
        except Trouble as trouble:
            return str(trouble)
        return ""

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(begin, [FIRST, TURNED, FIRST, TURNED]))
    assert said[0] == said[2]
    assert said[1] == said[3]
    assert sorted(map(bool, said)) == [False, False, True, True]


def test_what_others_wrote_there_is_named(kafka: str, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all")
    producer.send(topic, b"{}", partition=0).get(timeout=30)
    producer.close()
    with pytest.raises(Trouble, match=rf"Topic {topic} has a record at offset 0 that is none of Touchline's"):
        bind_terms(kafka, topic, FIRST)
