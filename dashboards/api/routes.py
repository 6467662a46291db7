"""Registration of an endpoint that reads: as JSON and as CSV, with the problems that it may answer."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, Field

from dashboards.api.examples import example_of
from dashboards.api.problem import MEDIA_TYPE

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class ProblemModel(BaseModel):
    """An error (RFC 9457), as the description of the API shows it."""

    type: str = Field(examples=["query-api#too-slow"])
    title: str = Field(examples=["The question took too long"])
    status: int = Field(examples=[504])
    detail: str = Field("", examples=["This took longer than 10 s and was stopped: ask for a shorter time."])
    request_id: str = Field(examples=["3f2c9d1ab0e14c55"])


_MEANINGS: Final = {
    401: "No valid token or login.",
    403: "The role has no right to this.",
    404: "Not found.",
    422: "The parameters are wrong, or the answer would be too large.",
    500: "The API failed and logged why.",
    503: "ClickHouse does not answer, or too many questions run.",
    504: "The question took too long and was stopped.",
}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": meaning,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemModel"}}},
    }
    for status, meaning in _MEANINGS.items()
}
_CSV_CONTENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Rows as CSV.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


def reads(
    router: APIRouter, path: str, *, returns: Any, summary: str, example: Any = None, csv: bool = True
) -> Callable[[Endpoint], Endpoint]:
    """Return a decorator that registers an endpoint for GET: at `path` as JSON and, if `csv`, at `path.csv` as CSV.

    The endpoint returns what `answer` returns. `returns`: the type of the answer, for the description of the API.
    `example`: one, instead of that made from the type.
    """

    def register(endpoint: Endpoint) -> Endpoint:
        content = {"application/json": {"example": example_of(returns) if example is None else example}}
        ok: dict[int | str, dict[str, Any]] = {200: {"model": returns, "content": content}}
        router.add_api_route(
            path, endpoint, methods=["GET"], summary=summary, responses={**PROBLEMS, **ok}, response_model=None
        )
        if csv:
            router.add_api_route(
                f"{path}.csv",
                endpoint,
                methods=["GET"],
                summary=f"{summary} (CSV)",
                responses={**PROBLEMS, **_CSV_CONTENT},
                response_model=None,
            )
        return endpoint

    return register
