"""The answer of `/v1/live`: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

It is plain ASGI: 500 viewers are 500 calls of `send` per event, and every layer between costs as much again.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import randint
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboards.live.hub import Hub
from dashboards.live.subscription import Subscription

RECONNECT_MS: Final = (1_000, 3_000)  # at random between, so that not all viewers return at once after a restart
CHECK_EVERY_S: Final = 30.0
GOODBYE_S: Final = 5.0  # for the end of the response of a viewer that does not read
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx
]


class EventStream(Response):
    """The events of a subscription, until the client leaves, is dropped or may not stay.

    `may_stay` is asked now and then, since a token may be revoked while its viewer watches.
    """

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, subscription: Subscription, may_stay: Callable[[], bool] = lambda: True) -> None:
        super().__init__()
        self._hub = hub
        self._subscription = subscription
        self._may_stay = may_stay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events. The body of the request must have been read before."""
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_until_left(receive))
        self._subscription.on_drop = sending.cancel
        try:
            while not (sending.done() or leaving.done()):
                await asyncio.wait({sending, leaving}, timeout=CHECK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
                if not self._may_stay():
                    sending.cancel()
                    break
            if not leaving.done():
                with suppress(TimeoutError):
                    async with asyncio.timeout(GOODBYE_S):
                        await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._hub.leave(self._subscription)
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        first = b"retry: %d\n\n" % randint(*RECONNECT_MS)
        await send({"type": "http.response.body", "body": first, "more_body": True})
        while True:
            data = await self._subscription.next()
            await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
