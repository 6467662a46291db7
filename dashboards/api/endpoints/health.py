"""`/live` and `/ready`: for load balancers, without a token and without figures."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from dashboards.api.ask import services_of
from dashboards.api.services import ApiServices

router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live() -> PlainTextResponse:
    """Answer 200 as long as the event loop runs."""
    return PlainTextResponse("ok\n")


@router.get("/ready")
async def ready(request: Request) -> PlainTextResponse:
    """Answer 200 if tokens can be checked. ClickHouse being away is no reason for another process."""
    why = why_not_ready(services_of(request))
    return PlainTextResponse(f"{why or 'ok'}\n", status_code=503 if why else 200)


def why_not_ready(services: ApiServices) -> str | None:
    """Return why the API cannot answer, None if it can."""
    return services.tokens.ready()
