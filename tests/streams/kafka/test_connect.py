"""Waiting for Kafka ends with an answer, with a stop, or with an error that is not Kafka's."""

import asyncio
from contextlib import nullcontext

import pytest
from aiokafka.errors import KafkaConnectionError

from streams.kafka import connect
from streams.kafka.connect import start_or_stop, wait_for_kafka

ADDRESS = "nowhere:9092"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "RETRY_S", 0.02)
    monkeypatch.setattr(connect, "STOP_POLL_S", 0.01)


async def test_connecting_is_repeated_until_kafka_answers(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[object] = [KafkaConnectionError(), KafkaConnectionError(), "connected"]

    async def connect_once() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await wait_for_kafka(ADDRESS, connect_once, lambda: False) == "connected"
    assert answers == []
    # The filter of repeated lines may be on, when an earlier test has started a worker in this process.
    lines = {record.getMessage() for record in caplog.records}
    assert lines == {"Kafka at nowhere:9092 does not answer; retrying every 0.02 s."}


async def test_a_stop_ends_the_wait() -> None:
    stops = iter([False, True, True, True])

    async def connect_once() -> None:
        raise KafkaConnectionError

    assert await wait_for_kafka(ADDRESS, connect_once, lambda: next(stops)) is None


async def test_other_errors_pass_through() -> None:
    async def connect_once() -> None:
        raise ValueError("a mistake of ours")

    with pytest.raises(ValueError, match="a mistake of ours"):
        await wait_for_kafka(ADDRESS, connect_once, lambda: False)


@pytest.mark.parametrize("error", [None, KafkaConnectionError(), asyncio.CancelledError()], ids=repr)
async def test_a_client_that_does_not_start_is_stopped(error: BaseException | None) -> None:
    calls: list[str] = []

    async def start() -> None:
        calls.append("start")
        if error is not None:
            raise error

    async def stop() -> None:
        calls.append("stop")

    with nullcontext() if error is None else pytest.raises(type(error)):
        await start_or_stop(start, stop)
    assert calls == (["start"] if error is None else ["start", "stop"])
