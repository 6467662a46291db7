"""One customer, by its key or found by any identifier."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from dashboards.answers.clear import Clear
from dashboards.answers.customer import FUTURE_MS, PAST_MS, Customer, customer
from dashboards.answers.explain import Explanation, explain
from dashboards.answers.identities import Identity, Member, Unknown, identity_of, resolve
from dashboards.answers.run_query import Client
from dashboards.answers.score_curve import ScoreCurve, score_curve
from dashboards.answers.touches import Cursor, Touch, TouchPage, touch_page
from dashboards.api.answer import answer
from dashboards.api.ask import Ask, Asker
from dashboards.api.problem import ProblemError, invalid_request, not_found
from dashboards.api.routes import PROBLEMS, reads
from schemas.channels import CHANNELS
from schemas.time import LATEST_MS

router = APIRouter(prefix="/v1", tags=["customers"])
MOST: Final = 500
_CURSOR: Final = re.compile(r"([0-9]{1,13})\.([0-9]{1,4})", re.ASCII)
_Answer = TypeVar("_Answer")
Key = Annotated[str, Path(max_length=1_000, description="Key of a customer, from a list or a search.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Millis = Annotated[int | None, Query(ge=0, le=LATEST_MS)]
Channels = Annotated[str, Query(pattern=rf"^(({'|'.join(CHANNELS)})(,|$))*$", description="Channels, with commas.")]


@dataclass(frozen=True, slots=True)
class Near:
    """An identifier that is spelled alike, with the key of its customer."""

    key: Clear
    identifier: str


@dataclass(frozen=True, slots=True)
class Found:
    """The customer of an identifier, and other identifiers that the text could mean."""

    key: Clear
    identifier: str
    profile: str
    also: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Touches:
    """Touches, newest first. `older` is the cursor of the next page, '' after the oldest one."""

    touches: tuple[Touch, ...]
    older: Clear


class Search(BaseModel):
    """What to search for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"identifier": "ada@example.org"}})

    identifier: str = Field(min_length=1, max_length=1_000, description="Any identifier, as a person types it.")


@router.post(
    "/customers/search",
    summary="The customer of an identifier",
    responses={**PROBLEMS, 200: {"model": Found}},
    response_model=None,
)
async def search(request: Request, ask: Ask, wanted: Search) -> Response:
    """Return the customer whom an identifier belongs to. The problem of an unknown one has similar ones."""
    found = await ask_search(ask, wanted.identifier)
    if isinstance(found, Unknown):
        near = [{"key": ask.key_of(one), "identifier": one} for one in found.near]
        raise ProblemError(404, "unknown-identifier", "Unknown identifier", found.sentence, more={"near": near})
    await ask.record_look(found.profile)
    return answer(request, ask, found)


async def ask_search(ask: Asker, text: str) -> Found | Unknown:
    """Return the customer of an identifier, or what is spelled alike. Raises ProblemError."""
    ask.require("search")
    services = ask.services
    found = await ask.run(
        lambda client: (
            resolve(client, ask.scope, text, services.phone_region, services.identifiers)
            if services.identifiers
            else resolve(client, ask.scope, text, services.phone_region)
        )
    )
    if isinstance(found, Unknown):
        return replace(found, near=()) if ask.viewer.is_recorded else found  # near are other customers
    also = tuple(Near(ask.key_of(one), one) for one in found.also)
    return Found(ask.key_of(found.identifier), found.identifier, found.profile, also)


@reads(router, "/customers/{key}", returns=Customer, summary="Everything about one customer", csv=False)
async def one(request: Request, ask: Ask, key: Key) -> Response:
    """Return the profile, its score over time and what it is made of, its newest touches and the next step."""
    return answer(request, ask, await ask_customer(ask, key))


async def ask_customer(ask: Asker, key: str, channels: tuple[str, ...] = (), after: Cursor | None = None) -> Customer:
    """Return the customer of a key. Raises ProblemError."""
    identifier = await ask.profile_of(key)
    found = await ask.run(
        lambda client: customer(
            client,
            ask.scope,
            identifier,
            at_ms=ask.at_ms,
            half_life_ms=ask.half_life_ms,
            channels=channels,
            after=after,
        )
    )
    if found is None:
        raise not_found("The customer of this key is not stored: it may have been erased, or not be stored yet.")
    return found


async def ask_about(ask: Asker, key: str, question: Callable[[Client, Identity], _Answer]) -> _Answer:
    """Return the answer to a question about the customer of a key and all identifiers. Raises ProblemError."""
    identifier = await ask.profile_of(key)
    return await ask.run(lambda client: question(client, identity_of(client, ask.scope, identifier)))


@reads(router, "/customers/{key}/touches", returns=Touches, summary="The touches of a customer, newest first")
async def touches(
    request: Request, ask: Ask, key: Key, limit: Limit = 50, cursor: str = "", channel: Channels = ""
) -> Response:
    """Return touches of some channels or of all, from a cursor on."""
    after = read_cursor(cursor)
    chosen = tuple(name for name in channel.split(",") if name)

    def question(client: Client, identity: Identity) -> TouchPage:
        return touch_page(
            client,
            ask.scope,
            identity.identifiers,
            at_ms=ask.at_ms,
            half_life_ms=ask.half_life_ms,
            limit=limit,
            after=after,
            channels=chosen,
        )

    page = await ask_about(ask, key, question)
    return answer(request, ask, Touches(page.touches, write_cursor(page.older)), rows=page.touches, row=Touch)


@reads(router, "/customers/{key}/score", returns=ScoreCurve, summary="The score of a customer over time", csv=False)
async def score(request: Request, ask: Ask, key: Key, since_ms: Millis = None, until_ms: Millis = None) -> Response:
    """Return the score since a time, and what becomes of it without a further touch until another time."""
    first, last = ask.at_ms - PAST_MS if since_ms is None else since_ms, until_ms or ask.at_ms + FUTURE_MS
    if not first < ask.at_ms < last:
        raise invalid_request("since_ms is before now, and until_ms after it.")

    def question(client: Client, identity: Identity) -> ScoreCurve:
        return score_curve(
            client,
            ask.scope,
            identity.identifiers,
            at_ms=ask.at_ms,
            half_life_ms=ask.half_life_ms,
            since_ms=first,
            until_ms=last,
        )

    return answer(request, ask, await ask_about(ask, key, question))


@reads(router, "/customers/{key}/explain", returns=Explanation, summary="What the score of a customer is made of")
async def explained(request: Request, ask: Ask, key: Key, limit: Limit = 20) -> Response:
    """Return the sums by rule, and the touches that contribute most. CSV has the touches."""
    found = await ask_about(
        ask,
        key,
        lambda client, identity: explain(
            client,
            ask.scope,
            identity.profile,
            at_ms=ask.at_ms,
            half_life_ms=ask.half_life_ms,
            limit=limit,
            members=identity.identifiers,
        ),
    )
    return answer(request, ask, found, rows=found.touches)


@reads(router, "/customers/{key}/identities", returns=list[Member], summary="The identifiers of a customer")
async def identities(request: Request, ask: Ask, key: Key) -> Response:
    """Return the identifiers with their parents, times and reasons, the profile first."""
    found = await ask_about(ask, key, lambda client, identity: identity.members)
    return answer(request, ask, found, row=Member)


def read_cursor(text: str) -> Cursor | None:
    """Return the place that a cursor names, None for ''. Raises ProblemError."""
    if not text:
        return None
    found = _CURSOR.fullmatch(text)
    if found is None or int(found[1]) >= LATEST_MS:
        raise invalid_request("The cursor is not one of an earlier answer.")
    return Cursor(int(found[1]), int(found[2]))


def write_cursor(cursor: Cursor | None) -> str:
    """Return the text of a place, '' for None."""
    return "" if cursor is None else f"{cursor.at_ms}.{cursor.passed}"
