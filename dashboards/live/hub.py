"""The hub: takes blocks of `timeline`, and gives viewers the events of their tenant.

Nothing here is done for each viewer but the sending: events are encoded once for each tenant and audience, and a viewer
is a place in a log. The hot list is read from ClickHouse once for all viewers of a tenant.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

from dashboards.live.audience import Audience
from dashboards.live.hot_list import KEPT, ProfileChange
from dashboards.live.messages import Message
from dashboards.live.pipeline_state import PipelineState
from dashboards.live.room import HOT_ROWS, Room, RoomContext
from dashboards.live.rows import BlockReader
from dashboards.live.subscription import Subscription
from schemas.value_layouts import NewerLayoutError

FLUSH_S: Final = 0.25
READ_HOT_EVERY_S: Final = 60.0
RETRY_HOT_S: Final = 5.0
MOST_VIEWERS: Final = 2_000
_READ_CHECK_S: Final = 0.5
ReadHot = Callable[[str, int], Awaitable[Sequence[ProfileChange]]]
"""(tenant, number) -> the profiles with the highest scores, highest first. After any error it is called again."""

log = logging.getLogger(__name__)


class TooManyViewersError(Exception):
    """The process serves as many viewers as it may."""


class Hub:
    """The hub of one API process. `run` works until it is cancelled; everything is used in its event loop."""

    def __init__(
        self,
        half_life_ms: int,
        key_of: Callable[[str, str], str],
        mask: Callable[[Message], Message],
        read_hot: ReadHot,
        now_ms: Callable[[], int],
    ) -> None:
        self.pipeline = PipelineState()
        self.viewers: set[Subscription] = set()
        self._context = RoomContext(secrets.token_hex(4), half_life_ms, key_of, mask, self.pipeline)
        self._rooms: dict[str, Room] = {}
        self._reader = BlockReader()
        self._read_hot = read_hot
        self._now_ms = now_ms
        self._hot_due_s: dict[str, float] = {}  # by tenant: when its hot list is read next
        self._warned_layout = False

    def take(self, block: bytes, processed_ms: int) -> None:
        """Take a block of `timeline`, which was appended at that time. One that cannot be read is logged."""
        now_ms = self._now_ms()
        try:
            content = self._reader.read(block)
        except (NewerLayoutError, ValueError) as error:
            if not self._warned_layout:
                self._warned_layout = True
                log.warning("Live pages lack touches: %s. Update this API to the version of the workers.", error)
            return
        for tenant, counts in content.counts.items():
            for channel, touches in counts.items():
                self._room(tenant).count(channel, touches, min(processed_ms, now_ms))
        for tenant, shown in content.touches.items():
            self._room(tenant).show(shown)
            for touch in shown:
                self.pipeline.arrived(touch.received_ms, now_ms)
        for change in content.profiles:
            self._room(change.tenant).change_profile(change, now_ms)

    def subscribe(self, tenant: str, audience: Audience, last_event_id: str = "") -> Subscription:
        """Return the place of a new viewer: behind its last event if that is known, else at a `hello`.

        Raises TooManyViewersError.
        """
        if len(self.viewers) >= MOST_VIEWERS:
            raise TooManyViewersError
        room = self._room(tenant)
        epoch, _, number = last_event_id.rpartition("-")
        if epoch == self._context.epoch and number.isdecimal() and room.after(audience, int(number)) is not None:
            subscription = Subscription(room, audience, int(number), b"")
        else:
            subscription = Subscription(room, audience, room.number, room.hello(audience, self._now_ms()))
        self.viewers.add(subscription)
        room.enter(self._now_ms())
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Forget a viewer."""
        if subscription in self.viewers:
            self.viewers.remove(subscription)
            subscription.room.leave(self._now_ms())

    async def run(self) -> None:
        """Write events, drop slow viewers and read hot lists, until cancelled."""
        reading = asyncio.create_task(self._keep_reading_hot())
        try:
            while True:
                await asyncio.sleep(FLUSH_S)
                self.flush()
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    def flush(self) -> None:
        """Write what is new, wake the viewers, and drop those that are too far behind."""
        now_ms = self._now_ms()
        for room in self._rooms.values():
            room.flush(now_ms)
        for viewer in [viewer for viewer in self.viewers if viewer.is_behind()]:
            self.leave(viewer)
            viewer.drop()

    async def read_hot_lists(self) -> None:
        """Read the hot lists of watched rooms that are due."""
        now_ms, now_s = self._now_ms(), time.monotonic()
        for tenant, room in list(self._rooms.items()):
            is_due = now_s >= self._hot_due_s.get(tenant, 0.0) or room.hot.is_short(HOT_ROWS)
            if not (is_due and room.is_watched(now_ms)):
                continue
            try:
                rows = await self._read_hot(tenant, KEPT)
            except Exception as error:  # of the driver: ClickHouse is away, refuses or is too slow
                if self.pipeline.clickhouse is not False:
                    log.warning("The hot list cannot be read (%s); retrying every %g s.", error, RETRY_HOT_S)
                self.pipeline.clickhouse = False
                self._hot_due_s[tenant] = time.monotonic() + RETRY_HOT_S
            else:
                self.pipeline.clickhouse = True
                room.hot.read(rows, self._now_ms())
                self._hot_due_s[tenant] = time.monotonic() + READ_HOT_EVERY_S

    async def _keep_reading_hot(self) -> None:
        while True:
            await self.read_hot_lists()
            await asyncio.sleep(_READ_CHECK_S)

    def _room(self, tenant: str) -> Room:
        room = self._rooms.get(tenant)
        if room is None:
            room = self._rooms[tenant] = Room(tenant, self._context)
        return room
