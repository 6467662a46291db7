"""Connecting, giving up a lost producer, and connecting again, on a real Kafka."""

import asyncio

import pytest
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError

from deploy.ports import free_port
from sources.collector.kafka_connection import KafkaConnection, KafkaLimits, describe

LIMITS = KafkaLimits(ack_timeout_s=30, reconnect_s=0.05)


async def test_a_lost_producer_is_replaced_and_the_loss_told_once(kafka: str) -> None:
    reasons: list[str] = []
    connection = KafkaConnection(kafka, LIMITS, lost=reasons.append)
    connection.start()
    await connection.wait_connected()
    first = connection.producer
    assert connection.reason is None
    connection.lose(first, NodeNotReadyError())
    connection.lose(first, NodeNotReadyError())
    assert connection.producer is None
    assert reasons == [connection.reason]
    await connection.wait_connected()
    assert connection.producer not in (None, first)
    connection.lose(first, NodeNotReadyError())  # reported late by a batch of the first producer
    assert connection.reason is None
    await connection.stop()
    assert connection.reason is not None


async def test_topics_are_prepared_before_the_first_record_and_again_after_a_failure(kafka: str) -> None:
    reasons: list[str | None] = []

    def prepare() -> None:
        reasons.append(connection.reason)
        if len(reasons) < 3:
            raise ValueError("Topic visits has 2 partitions, the settings say 4")

    connection = KafkaConnection(kafka, LIMITS, prepare)
    connection.start()
    await connection.wait_connected()
    assert "has not answered yet" in str(reasons[0])
    assert reasons[1:] == ["Topic visits has 2 partitions, the settings say 4"] * 2
    assert connection.reason is None
    await connection.stop()


async def test_stopping_while_kafka_is_away_ends() -> None:
    connection = KafkaConnection("127.0.0.1:1", LIMITS)
    connection.start()
    await asyncio.sleep(0)
    await connection.stop()
    assert connection.producer is None


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TimeoutError(), "TimeoutError"),
        (OSError("no route."), "OSError: no route"),
        (KafkaConnectionError("broken"), "KafkaConnectionError: broken"),
    ],
)
def test_errors_are_described_by_name_and_text(error: Exception, text: str) -> None:
    assert describe(error) == text


@pytest.mark.parametrize("steps", range(0, 120, 4))
async def test_it_stops_at_any_moment_of_an_attempt_to_connect(steps: int) -> None:
    connection = KafkaConnection(f"127.0.0.1:{free_port()}", KafkaLimits(ack_timeout_s=30, reconnect_s=0.0))
    connection.start()
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await connection.stop()
    assert connection.producer is None
