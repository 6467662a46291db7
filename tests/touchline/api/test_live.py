"""Live events of one process: from the topic `timeline` of a real Kafka, and the hot list of a real engine."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.api.problem import ProblemError
from dashboards.api.reader.async_clickhouse import Server
from dashboards.live.audience import Audience
from deploy.ports import free_port
from sinks.clickhouse.client import Address
from tests.dashboards.api.running import make_services
from tests.dashboards.live.watching import events_in
from tests.sinks.sample_blocks import event_block, wait_until
from tests.streams.cluster import write_records
from touchline.api.live import Live, ReadStore
from touchline.api.services import now_ms
from touchline.settings import read_settings
from touchline.worker.kafka_setup import ensure_topics
from touchline.worker.stages import STAGES, topics_of

HALF_LIFE_MS = 604_800_000


async def test_touches_and_hot_list_reach_a_viewer(
    kafka: str, new_database: Callable[[], Address], tmp_path: Path
) -> None:
    settings = read_settings(kafka=kafka, topic_prefix="live-", data=str(tmp_path))
    await asyncio.to_thread(ensure_topics, settings)
    here = new_database()
    server = Server(here.host, here.port, here.database, "reader", "r")
    services = make_services(server, now_ms, HALF_LIFE_MS)
    live = Live(settings, services)
    live.start()
    try:
        viewer = live.hub.subscribe("main", Audience.CLEAR)
        await viewer.next()
        block = event_block("main", 0, range(2))
        await write_records(kafka, topics_of(settings).timeline, {0: [(None, block)]})
        seen: dict[str, object] = {}
        async with asyncio.timeout(120):
            while not {"touches", "hot"} <= seen.keys() or set(live.hub.pipeline.lag) != set(STAGES):
                seen |= dict(events_in(await viewer.next()))
        assert live.hub.pipeline.answers() == (True, True, False)
    finally:
        await live.stop()
        await services.reader.close()
    await wait_until(lambda: all(task.done() for task in live._tasks))


async def test_a_store_that_is_away_raises() -> None:
    away = make_services(Server("127.0.0.1", free_port(), "x", "reader", "r"), now_ms, HALF_LIFE_MS)
    store = ReadStore(away)
    with pytest.raises(ProblemError, match="ClickHouse"):
        await store.ping()
    with pytest.raises(ProblemError, match="ClickHouse"):
        await store.best("main", 5)
    await away.reader.close()
