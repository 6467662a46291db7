"""The FastAPI application of one API process."""

from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from dashboards.api.ask import ClientLeftError
from dashboards.api.endpoints import ROUTERS
from dashboards.api.guard import Answered, Guard, Report
from dashboards.api.problem import ProblemError, invalid_request, not_found, problem_response
from dashboards.api.routes import ProblemModel
from dashboards.api.services import ApiServices

API: Final = "/v1"
CLIENT_LEFT: Final = 499  # nginx's status of a client that closed its connection; it is counted, not sent
GZIP_BYTES: Final = 1_000  # of a body from which on it is compressed
_SEE_OTHER: Final = 303

Extend = Callable[[FastAPI], None]
"""Adds routes, such as those of the pages."""
ShowProblem = Callable[[Request, ProblemError], Awaitable[Response]]
"""Returns a problem as a page, for browsers; kept in `app.state.show_problem` by what adds the pages."""


def make_app(services: ApiServices, extend: Sequence[Extend] = (), report: Report = lambda answered: None) -> ASGIApp:
    """Return the application. `report` is called with each request that was answered."""
    return Guard(GZipMiddleware(make_routes(services, extend), GZIP_BYTES), services, report)


def make_routes(services: ApiServices, extend: Sequence[Extend] = ()) -> FastAPI:
    """Return the application without what is around it."""
    app = FastAPI(
        title="Touchline",
        version=version("touchline"),
        description="Customers, their touches and scores. Times are milliseconds since 1970, in UTC.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # the interactive pages load scripts of other sites
        redoc_url=None,
        exception_handlers={
            ProblemError: _answer_problem,
            RequestValidationError: _answer_invalid,
            HTTPException: _answer_http_error,
            ClientLeftError: _answer_left,
            Exception: _answer_fault,
        },
    )
    app.state.services = services
    app.state.show_problem = None
    for router in ROUTERS:
        app.include_router(router)
    for add in extend:
        add(app)
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        found = describe()
        found.setdefault("components", {}).setdefault("schemas", {})["ProblemModel"] = ProblemModel.model_json_schema()
        return found

    app.openapi = openapi  # type: ignore[method-assign]
    return app


async def _answer(request: Request, problem: ProblemError) -> Response:
    """Answer a problem: to browsers that ask for a page as one, to all others as JSON."""
    show: ShowProblem | None = request.app.state.show_problem
    path = request.url.path
    if not path.startswith(API) and "text/html" in request.headers.get("accept", ""):
        if problem.status == 401 and path != "/login":
            return RedirectResponse(f"/login?next={path}" if request.method == "GET" else "/login", _SEE_OTHER)
        if show is not None:
            return await show(request, problem)
    return problem_response(problem, request.state.request_id)


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return await _answer(request, error)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    """Answer wrong parameters by their names. What was sent is not repeated, since it may hold an identifier."""
    assert isinstance(error, RequestValidationError)
    errors = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()]
    return await _answer(
        request, invalid_request("; ".join(f"{one['where']}: {one['what']}" for one in errors), errors)
    )


async def _answer_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return await _answer(
            request,
            not_found("There is no such path. Pages start at /, and /v1/openapi.json lists the paths of the API."),
        )
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        detail = f"This path takes {allowed}." if allowed else "This path does not take the method."
        problem = ProblemError(405, "method-not-allowed", "Method not allowed", detail, headers=error.headers)
        return await _answer(request, problem)
    return await _answer(
        request, ProblemError(error.status_code, "invalid-request", str(error.detail), headers=error.headers)
    )


async def _answer_left(request: Request, error: Exception) -> Response:
    return Response(status_code=CLIENT_LEFT)


async def _answer_fault(request: Request, error: Exception) -> Response:
    detail = "The API failed and logged why under the request's id: send the request again."
    return await _answer(request, ProblemError(500, "fault", "The API failed", detail))


__all__ = ["API", "Answered", "Extend", "ShowProblem", "make_app", "make_routes"]
