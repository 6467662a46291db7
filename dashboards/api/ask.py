"""One request's context: who asks, for which tenant, at what time, and how a question to ClickHouse runs.

FastAPI does not end a handler whose client leaves. A questioner therefore watches for the client's disconnection while
a question runs, and ends the question then.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from dashboards.answers.scope import Scope
from dashboards.api.problem import ProblemError, not_found, not_permitted
from dashboards.api.reader.lanes import LaneName
from dashboards.api.reader.reader import Question
from dashboards.api.security.masking import mask
from dashboards.api.security.roles import Right, Viewer
from dashboards.api.security.viewers import viewer_of
from dashboards.api.services import ApiServices

T = TypeVar("T")


class ClientLeftError(Exception):
    """The client closed its connection before it was answered."""


class Asker:
    """The context of a request."""

    def __init__(self, request: Request, services: ApiServices, viewer: Viewer) -> None:
        self._request = request
        self._left: asyncio.Task[None] | None = None
        self.services = services
        self.viewer = viewer
        self.scope = Scope(viewer.tenant)
        self.at_ms = services.now_ms()
        self.half_life_ms = services.half_life_ms

    async def run(self, question: Question[T], *, lane: LaneName = "fast", cache_s: float = 0, key: str = "") -> T:
        """Return the answer to a question. Raises ProblemError, and ClientLeftError once the client has left.

        `key` names a question together with all its arguments but the tenant: viewers that ask the same at once share
        one run, and its answer for `cache_s` seconds.
        """
        reader = self.services.reader
        shared = reader.run_shared(question, lane, (self.scope.tenant, key), cache_s) if key else None
        answer = asyncio.ensure_future(shared or reader.run(question, lane))
        if self._left is None:
            self._left = asyncio.create_task(_until_left(self._request))
        try:
            await asyncio.wait({answer, self._left}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise ClientLeftError
            return answer.result()
        finally:
            answer.cancel()

    def require(self, right: Right) -> None:
        """Raise ProblemError if the viewer's role lacks a right."""
        if not self.viewer.may(right):
            raise not_permitted(self.viewer.role, right)

    def shown(self, value: T) -> T:
        """Return an answer as the viewer may see it."""
        return value if self.viewer.sees_identifiers else mask(value)

    def key_of(self, identifier: str) -> str:
        """Return the key of a profile for addresses."""
        return self.services.profile_keys.key_of(self.scope.tenant, identifier)

    async def profile_of(self, key: str) -> str:
        """Return the identifier of a profile's key, and follow it in live events. Raises ProblemError.

        Looks of support are recorded first.
        """
        self.require("customer")
        identifier = self.services.profile_keys.profile_of(self.scope.tenant, key)
        if identifier is None:
            raise not_found("This is not the key of a customer: search for the customer again.")
        await self.record_look(identifier)
        if self.services.live is not None:
            self.services.live.watched.add(self.scope.tenant, [identifier])
        return identifier

    async def record_look(self, identifier: str) -> None:
        """Record that the viewer sees a customer, if the role demands it. Raises ProblemError if that fails."""
        if not self.viewer.is_recorded:
            return
        record = self.services.record_look
        if record is None:
            raise ProblemError(
                503,
                "looks-not-recorded",
                "Looks cannot be recorded",
                "The role support is only answered when each look is recorded: start the API with an address of "
                "ClickHouse that may write (TOUCHLINE_CLICKHOUSE).",
            )
        await record(self.viewer, identifier, self.at_ms)

    async def close(self) -> None:
        """Stop watching the client."""
        if self._left is not None:
            self._left.cancel()
            with suppress(asyncio.CancelledError):
                await self._left


async def _until_left(request: Request) -> None:
    """Return when the client has closed its connection. The body must have been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def services_of(request: Request) -> ApiServices:
    """Return the services of the application that serves a request."""
    services: ApiServices = request.app.state.services
    return services


async def _asker(request: Request) -> AsyncIterator[Asker]:
    services = services_of(request)
    await request.body()  # kept by the request: what is received after it is the client's disconnection
    asker = Asker(request, services, viewer_of(request, services))
    request.state.viewer = asker.viewer
    try:
        yield asker
    finally:
        await asker.close()


Ask = Annotated[Asker, Depends(_asker)]
"""The parameter of an endpoint or a page for its context. Without a valid token or login, 401 is answered."""
