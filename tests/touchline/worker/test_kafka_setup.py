"""Kafka before a worker starts: address, cluster id and refusals."""

import pytest
from kafka.errors import KafkaConnectionError, TopicAuthorizationFailedError

from touchline.errors import CliError
from touchline.worker.kafka_setup import check_reachable, cluster_id, request_admin, retry_until_answered

NOBODY = "127.0.0.1:1"


def test_text_that_is_no_address_is_an_error() -> None:
    with pytest.raises(CliError, match=r"TOUCHLINE_KAFKA='nowhere' is not an address such as host:9092"):
        check_reachable("nowhere")


def test_unreachable_kafka_is_an_error() -> None:
    with pytest.raises(KafkaConnectionError):
        check_reachable(NOBODY)


def test_refusal_is_one_sentence_with_advice(kafka: str) -> None:
    def request() -> None:
        raise TopicAuthorizationFailedError("visits")

    with pytest.raises(CliError, match="grant it read and write access to its topics and groups"):
        retry_until_answered(kafka, request)


def test_cluster_id_stays_the_same(kafka: str) -> None:
    assert cluster_id(kafka) == cluster_id(kafka) != ""
    assert request_admin(kafka, lambda admin: str(admin.describe_cluster()["cluster_id"])) == cluster_id(kafka)
