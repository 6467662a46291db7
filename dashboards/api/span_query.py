"""The parameters of a range of time, which many endpoints share."""

from typing import Annotated, Final

from fastapi import Depends, Query

from dashboards.answers.time_steps import MINUTE_MS, Span, UnanswerableError
from dashboards.api.ask import Ask
from dashboards.api.problem import invalid_request
from schemas.time import DAY_MS

DEFAULT_DAYS: Final = 30
LATEST_MS: Final = 4_102_444_800_000  # the year 2100
_LONGEST_ZONE: Final = 64

_Time = Annotated[int | None, Query(ge=0, le=LATEST_MS)]


async def _span(
    ask: Ask,
    from_ms: Annotated[_Time, Query(description="Its beginning; 30 days before its end if left out.")] = None,
    to_ms: Annotated[_Time, Query(description="Its end, which is not part of it; now if left out.")] = None,
    zone: Annotated[str, Query(max_length=_LONGEST_ZONE, description="Time zone of days, such as Europe/Berlin.")] = "",
) -> Span:
    end_ms = -(-ask.at_ms // MINUTE_MS) * MINUTE_MS if to_ms is None else to_ms
    start_ms = max(0, end_ms - DEFAULT_DAYS * DAY_MS) if from_ms is None else from_ms
    try:
        return Span(start_ms, end_ms, zone or ask.services.zone)
    except UnanswerableError as error:
        raise invalid_request(str(error)) from None


Range = Annotated[Span, Depends(_span)]
"""The parameter of an endpoint for a range of time: `from_ms`, `to_ms` and `zone` of its query."""
