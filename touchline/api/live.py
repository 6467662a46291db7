"""Live events of one API process: the hub, what feeds it from Kafka, and what it asks ClickHouse."""

import asyncio
from collections.abc import Sequence

from dashboards.answers.run_query import Client
from dashboards.api.reader.reader import Reader
from dashboards.api.security.masking import mask
from dashboards.api.services import ApiServices
from dashboards.live.feed import Feed
from dashboards.live.hot_list import ProfileChange
from dashboards.live.hub import Hub
from dashboards.live.lag import StageSource
from dashboards.live.store_watch import StoreWatch
from dashboards.live.stored_profiles import stored_profiles
from touchline.settings import Settings
from touchline.worker.stages import groups_running, stage_topics, topics_of


class ReadStore:
    """The store of live events, read by the questions of the API."""

    def __init__(self, services: ApiServices) -> None:
        self._reader: Reader = services.reader
        self._half_life_ms = services.half_life_ms
        self._now_ms = services.now_ms

    async def ping(self) -> None:
        """Return once ClickHouse has answered. Raises ProblemError."""
        await self._reader.run(_ping)

    async def best(self, tenant: str, limit: int) -> Sequence[ProfileChange]:
        """Return the profiles with the highest scores, highest first. Raises ProblemError."""
        at_ms = self._now_ms()
        return await self._reader.run(
            lambda client: stored_profiles(client, tenant, limit, at_ms, self._half_life_ms), "slow"
        )


class Live:
    """The live events of a process, from `start` to `stop`."""

    def __init__(self, settings: Settings, services: ApiServices) -> None:
        topics = topics_of(settings)
        self.hub = Hub(services.half_life_ms, services.profile_keys.key_of, mask, services.now_ms)
        self._feed = Feed(
            settings.kafka,
            topics.timeline,
            {
                stage: StageSource(names, tuple(groups_running(settings, stage)))
                for stage, names in stage_topics(topics).items()
            },
            self.hub.take,
            self.hub.pipeline,
            services.now_ms,
        )
        self._watch = StoreWatch(self.hub, ReadStore(services))
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to follow Kafka, and return at once."""
        self._tasks = [asyncio.create_task(one.run()) for one in (self.hub, self._feed, self._watch)]

    async def stop(self) -> None:
        """Stop following Kafka."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _ping(client: Client) -> None:
    client.query("SELECT 1")
