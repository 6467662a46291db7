"""Watches ClickHouse and reads the hot lists of the tenants that are watched, once for all their viewers."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final, Protocol

from dashboards.live.hot_list import KEPT, ProfileChange
from dashboards.live.hub import Hub
from dashboards.live.room import HOT_ROWS

CHECK_EVERY_S: Final = 0.5
PING_EVERY_S: Final = 5.0
READ_EVERY_S: Final = 60.0

log = logging.getLogger(__name__)


class Store(Protocol):
    """What live events need of ClickHouse. Any error of a method means that it does not answer."""

    async def ping(self) -> None:
        """Return once ClickHouse has answered."""

    async def best(self, tenant: str, limit: int) -> Sequence[ProfileChange]:
        """Return the profiles with the highest scores, highest first."""


class StoreWatch:
    """Watches one store for a hub. `run` works until it is cancelled."""

    def __init__(self, hub: Hub, store: Store) -> None:
        self._hub = hub
        self._store = store
        self._ping_due_s = 0.0
        self._read_due_s: dict[str, float] = {}  # by tenant

    async def run(self) -> None:
        """Ping and read whatever is due, as long as somebody watches."""
        while True:
            await self.check(time.monotonic())
            await asyncio.sleep(CHECK_EVERY_S)

    async def check(self, now_s: float) -> None:
        """Ping and read what is due at a time of the monotonic clock. Logs one warning per outage."""
        rooms = self._hub.rooms()
        if not rooms:
            return
        try:
            if now_s >= self._ping_due_s:
                self._ping_due_s = now_s + PING_EVERY_S
                await self._store.ping()
                self._hub.pipeline.clickhouse = True
            if not self._hub.pipeline.clickhouse:
                return
            for room in rooms:
                if now_s >= self._read_due_s.get(room.tenant, 0.0) or room.hot.is_short(HOT_ROWS):
                    best = await self._store.best(room.tenant, KEPT)
                    room.hot.read(best, self._hub.now_ms())
                    self._read_due_s[room.tenant] = now_s + READ_EVERY_S
        except Exception as error:  # of the driver or its lanes: away, refused, too slow
            if self._hub.pipeline.clickhouse is not False:
                log.warning("Hot lists cannot be read (%s). Retrying every %g s.", error, PING_EVERY_S)
            self._hub.pipeline.clickhouse = False
