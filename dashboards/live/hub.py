"""The hub: takes blocks of `timeline`, and gives viewers the events of their tenant.

Nothing here is done for each viewer but the sending: events are encoded once for each tenant and audience, and a viewer
is a place in a log.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Final

from dashboards.live.audience import Audience
from dashboards.live.messages import Message
from dashboards.live.pipeline_state import PipelineState
from dashboards.live.room import Room, RoomContext
from dashboards.live.rows import BlockReader
from dashboards.live.subscription import Subscription
from dashboards.live.watched_profiles import WatchedProfiles
from schemas.value_layouts import NewerLayoutError

FLUSH_S: Final = 0.25
MANY_VIEWERS: Final = 200  # from which on events are written half as often
MOST_VIEWERS: Final = 2_000
_MOST_DIGITS: Final = 18  # of the number of an event

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
        now_ms: Callable[[], int],
    ) -> None:
        self.pipeline = PipelineState()
        self.viewers: set[Subscription] = set()
        self.watched = WatchedProfiles()
        self._context = RoomContext(secrets.token_hex(4), half_life_ms, key_of, mask, self.pipeline, self.watched)
        self._rooms: dict[str, Room] = {}
        self._reader = BlockReader(self.watched)
        self.now_ms = now_ms
        self._warned_layout = False

    def take(self, block: bytes, processed_ms: int) -> None:
        """Take a block of `timeline`, which was appended at that time. One that cannot be read is logged."""
        now_ms = self.now_ms()
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
        room, now_ms = self._room(tenant), self.now_ms()
        number = self._number_of(last_event_id)
        missed = None if number is None else room.after(audience, number)
        # What was missed has former times of the server.
        first = room.hello(audience, now_ms) if missed is None else missed + room.pipeline_event(audience, now_ms)
        subscription = Subscription(room, audience, room.number, first)
        self.viewers.add(subscription)
        room.enter(audience, now_ms)
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Forget a viewer."""
        if subscription in self.viewers:
            self.viewers.remove(subscription)
            subscription.room.leave(subscription.audience, self.now_ms())

    async def run(self) -> None:
        """Write events and drop slow viewers, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S if len(self.viewers) < MANY_VIEWERS else 2 * FLUSH_S)
            self.flush()

    def flush(self) -> None:
        """Write what is new, wake the viewers, and drop those that are too far behind."""
        now_ms = self.now_ms()
        for room in self._rooms.values():
            room.flush(now_ms)
        for viewer in [viewer for viewer in self.viewers if viewer.is_behind()]:
            log.info("A live viewer was dropped, because it did not read its events.")
            self.leave(viewer)
            viewer.drop()

    def close(self) -> None:
        """Drop all viewers, because the process stops. Browsers connect again, to the next one."""
        for viewer in list(self.viewers):
            self.leave(viewer)
            viewer.drop()

    def rooms(self) -> list[Room]:
        """Return the rooms that somebody watches."""
        now_ms = self.now_ms()
        return [room for room in self._rooms.values() if room.is_watched(now_ms)]

    def _number_of(self, event_id: str) -> int | None:
        """Return the number in the id of an event, None if it is not of this process."""
        epoch, _, number = event_id.rpartition("-")
        is_ours = epoch == self._context.epoch and number.isdecimal() and len(number) <= _MOST_DIGITS
        return int(number) if is_ours else None

    def _room(self, tenant: str) -> Room:
        room = self._rooms.get(tenant)
        if room is None:
            room = self._rooms[tenant] = Room(tenant, self._context)
        return room
