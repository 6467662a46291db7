"""Reading topics while Kafka stops or starts."""

import asyncio

import pytest

from touchline.ops.kafka_log import KafkaLog


class Stopping:
    """A consumer as aiokafka's is without Kafka: it cancels a fetch of its own, and passes that on."""

    async def start(self) -> None: ...

    async def stop(self) -> None:
        raise asyncio.CancelledError


async def fail_inside() -> None:
    log = KafkaLog("127.0.0.1:1")
    log._consumer = Stopping()
    async with log:
        raise ConnectionError("Kafka has gone")


def test_error_is_not_hidden_by_a_consumer_that_stops() -> None:
    with pytest.raises(ConnectionError, match="Kafka has gone"):
        asyncio.run(fail_inside())


async def be_cancelled_inside() -> None:
    log = KafkaLog("127.0.0.1:1")
    log._consumer = Stopping()
    async with log:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)


def test_cancelled_task_stays_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(be_cancelled_inside())
