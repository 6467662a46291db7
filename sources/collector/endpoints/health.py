"""`/live` and `/ready`, for load balancers and supervisors."""

from sources.collector.request import Answer, Request
from sources.collector.services import Services

_TEXT = "text/plain; charset=utf-8"


async def answer_live(request: Request, services: Services) -> Answer:
    """Return 200: the event loop that serves requests answers."""
    return Answer(200, b"ok\n", _TEXT)


async def answer_ready(request: Request, services: Services) -> Answer:
    """Return 200 if write keys are known and the sink takes records, else 503 with the reason."""
    why = why_not_ready(services)
    return Answer(503, f"{why}\n".encode(), _TEXT) if why else Answer(200, b"ok\n", _TEXT)


def why_not_ready(services: Services) -> str | None:
    """Return why touches cannot be accepted, or None."""
    return services.keys.ready() or services.sink.ready()
