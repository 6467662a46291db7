"""`/v1/live`: what happens now, as server-sent events."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.api.ask import Ask
from dashboards.api.problem import ProblemError
from dashboards.api.routes import PROBLEMS
from dashboards.api.security.roles import Viewer
from dashboards.api.security.viewers import viewer_of
from dashboards.api.services import ApiServices
from dashboards.live.audience import Audience
from dashboards.live.event_stream import EventStream
from dashboards.live.hub import TooManyViewersError

RETRY_S = 10
router = APIRouter(prefix="/v1", tags=["live"])


@router.get(
    "/live",
    summary="What happens now, as server-sent events",
    status_code=200,
    response_class=EventStream,
    response_model=None,
    responses={**PROBLEMS, 200: {"description": "Events without end.", "content": {"text/event-stream": {}}}},
)
async def live(request: Request, ask: Ask) -> Response:
    """Send the state of the last 15 minutes, and then each change. A header Last-Event-ID continues where it ended.

    `docs/guides/live.md` describes the events. The role support gets no customers, the role dashboard no identifiers.
    """
    ask.require("figures")
    hub = ask.services.live
    if hub is None:
        raise ProblemError(503, "no-live-events", "There are no live events", "This API serves answers only.")
    try:
        subscription = hub.subscribe(
            ask.scope.tenant, audience_of(ask.viewer), request.headers.get("last-event-id", "")
        )
    except TooManyViewersError:
        detail = "This API serves as many viewers as it can: try again, or start another one."
        raise ProblemError(503, "too-many-viewers", "Too many viewers", detail, retry_s=RETRY_S) from None
    return EventStream(hub, subscription, lambda: is_still(request, ask.services, ask.viewer))


def audience_of(viewer: Viewer) -> Audience:
    """Return what a viewer may see of live events."""
    if not viewer.may("lists"):
        return Audience.FIGURES
    return Audience.CLEAR if viewer.sees_identifiers else Audience.MASKED


def is_still(request: Request, services: ApiServices, viewer: Viewer) -> bool:
    """Return whether the token or login of a request is still that of the viewer."""
    try:
        return viewer_of(request, services) == viewer
    except ProblemError:
        return False
