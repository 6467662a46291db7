"""Following the topic `timeline` of a real Kafka."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from dashboards.live.audience import Audience
from dashboards.live.feed import Feed
from dashboards.live.hub import Hub
from dashboards.live.lag import StageSource
from deploy.kafka_node import KafkaNode
from deploy.ports import free_port
from tests.dashboards.live.samples import hide, key_of
from tests.dashboards.live.watching import HALF_LIFE_MS, events_in
from tests.sinks.sample_blocks import event_block, wait_until
from tests.streams.cluster import make_topics, write_records


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def following(kafka: str, topic: str) -> AsyncIterator[Hub]:
    """A hub that is fed from a topic."""
    hub = Hub(HALF_LIFE_MS, key_of, hide, now_ms)
    stages = {"store": StageSource((topic,), ("nobody",))}
    feed = Feed(kafka, topic, stages, hub.take, hub.pipeline, now_ms)
    running = [asyncio.create_task(feed.run()), asyncio.create_task(hub.run())]
    try:
        yield hub
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def bins_of(hub: Hub) -> int:
    """The touches in all bins."""
    room = hub.subscribe("main", Audience.CLEAR)
    hub.leave(room)
    return sum(sum(counts.values()) for _, counts in room.room._bins.all(now_ms()))


async def test_the_past_is_read_and_then_what_comes(kafka: str) -> None:
    topic = f"timeline-{uuid4().hex}"
    make_topics(kafka, topic, partitions=2)
    await write_records(kafka, topic, {0: [(None, event_block("main", 0, range(3)))], 1: [(None, b"broken")]})
    async with following(kafka, topic) as hub:
        await wait_until(lambda: not hub.pipeline.filling and hub.pipeline.kafka)
        assert bins_of(hub) == 3
        await wait_until(lambda: hub.pipeline.lag == {"store": 2})
        viewer = hub.subscribe("main", Audience.CLEAR)
        seen = {one["id"] for one in events_in(await viewer.next())[0][1]["newest"]}
        blocks = [event_block("main", 1, range(2)), event_block("main", 0, range(5)), event_block("main", 0, range(5))]
        await write_records(kafka, topic, {0: [(None, block) for block in blocks]})
        async with asyncio.timeout(60):
            while len(seen) < 7:
                events = events_in(await viewer.next())
                seen |= {one["id"] for name, data in events if name == "touches" for one in data["touches"]}
        assert bins_of(hub) == 7


async def test_a_missing_topic_is_waited_for(kafka: str, caplog: pytest.LogCaptureFixture) -> None:
    topic = f"timeline-{uuid4().hex}"
    async with following(kafka, topic) as hub:
        await wait_until(lambda: any("start a worker" in record.message for record in caplog.records))
        assert hub.pipeline.filling
        make_topics(kafka, topic, partitions=1)
        await write_records(kafka, topic, {0: [(None, event_block("main", 0, range(3)))]})
        await wait_until(lambda: not hub.pipeline.filling)
        assert bins_of(hub) == 3


async def test_kafka_away_and_back(jars: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "dashboards.live")
    topic = "timeline"
    node = KafkaNode(tmp_path / "kafka", jars, port=free_port())
    with node:
        make_topics(node.bootstrap, topic, partitions=1)
        async with following(node.bootstrap, topic) as hub:
            await wait_until(lambda: not hub.pipeline.filling and hub.pipeline.kafka)
            await asyncio.to_thread(node.stop)
            await wait_until(lambda: hub.pipeline.kafka is False)
            await asyncio.to_thread(node.start)
            await wait_until(lambda: hub.pipeline.kafka)
            await write_records(node.bootstrap, topic, {0: [(None, event_block("main", 0, range(3)))]})
            await wait_until(lambda: bins_of(hub) == 3)
    logged = [record.message for record in caplog.records if record.name == "dashboards.live.feed"]
    assert any("does not answer" in message for message in logged)
    assert len(logged) <= 4
