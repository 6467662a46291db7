"""A viewer's place in the events of a room."""

import asyncio
from collections.abc import Callable
from typing import Final

from dashboards.live.audience import Audience
from dashboards.live.room import Room

LARGEST_BACKLOG: Final = 256 * 1024  # bytes that a viewer may be behind


class Subscription:
    """The place of one viewer: behind event `number`, or before `first`. `next` is awaited by one task."""

    def __init__(self, room: Room, audience: Audience, number: int, first: bytes) -> None:
        self.room = room
        self.on_drop: Callable[[], object] = lambda: None
        self.audience = audience
        self._number = number
        self._first = first

    async def next(self) -> bytes:
        """Return the next events as soon as there are some."""
        if self._first:
            first, self._first = self._first, b""
            return first
        while True:
            data = self.room.after(self.audience, self._number)
            if data:
                self._number = self.room.number
                return data
            woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.room.waiting.append(woken)
            await woken

    def is_behind(self) -> bool:
        """Return whether the viewer reads too slowly: too much is waiting, or has been dropped already."""
        size = self.room.size_after(self.audience, self._number)
        return size is None or size > LARGEST_BACKLOG

    def drop(self) -> None:
        """Tell the one who sends that the viewer is dropped."""
        self.on_drop()
