"""Pages without the frame: the login, and problems as a browser shows them."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.api.endpoints.login import local_target
from dashboards.api.problem import ProblemError
from dashboards.pages.environment import ENVIRONMENT
from dashboards.pages.render import HTML

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def login(request: Request, next: str = "/") -> Response:
    """Return the form in which a token is typed."""
    return _door(200, "login.html", target=local_target(next), wrong=False)


async def show_problem(request: Request, problem: ProblemError) -> Response:
    """Return a problem as a page: what is wrong, what to do, and the id of the request."""
    if problem.status == 401:
        return _door(401, "login.html", target="/", wrong=True)
    answer = _door(problem.status, "problem.html", problem=problem, request_id=request.state.request_id)
    for name, value in problem.headers.items():
        answer.headers[name] = value
    if problem.retry_s:
        answer.headers["Retry-After"] = str(problem.retry_s)
    return answer


def _door(status: int, template: str, **values: object) -> Response:
    return Response(ENVIRONMENT.get_template(template).render(**values), status, media_type=HTML)
