"""Errors as problem+json (RFC 9457): what is wrong, and what to do.

`type` is a reference to a heading of the guide of the API, relative to the address of the documentation.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.responses import Response

GUIDE: Final = "query-api#"
MEDIA_TYPE: Final = "application/problem+json"


class ProblemError(Exception):
    """An error answer. `kind` is a heading of the guide, `detail` never contains an identifier.

    `retry_s`: after how many seconds another attempt may succeed. `more`: further members.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str = "",
        *,
        retry_s: int = 0,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.retry_s = retry_s
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def members(self, request_id: str) -> dict[str, Any]:
        """Return the members of the JSON object."""
        found = {
            "type": GUIDE + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "request_id": request_id,
            **self.more,
        }
        return {name: value for name, value in found.items() if value != ""}


def problem_response(problem: ProblemError, request_id: str) -> Response:
    """Return the answer of a problem."""
    headers = dict(problem.headers)
    if problem.retry_s:
        headers["Retry-After"] = str(problem.retry_s)
    body = msgspec.json.encode(problem.members(request_id))
    return Response(body, problem.status, headers, media_type=MEDIA_TYPE)


def not_signed_in() -> ProblemError:
    """Return the problem of a request without a valid token or login."""
    return ProblemError(
        401,
        "unauthorized",
        "A token is needed",
        "Send `Authorization: Bearer TOKEN` with a token of `touchline token create`, or log in at /login.",
        headers={"WWW-Authenticate": 'Bearer realm="touchline"'},
    )


def token_not_valid() -> ProblemError:
    """Return the problem of a request whose token does not exist or was revoked."""
    return ProblemError(
        401,
        "unauthorized",
        "The token is not valid",
        "It does not exist or was revoked. Create another one with `touchline token create`.",
        headers={"WWW-Authenticate": 'Bearer realm="touchline", error="invalid_token"'},
    )


def not_permitted(role: str, right: str) -> ProblemError:
    """Return the problem of a viewer whose role lacks a right."""
    return ProblemError(
        403, "forbidden", "Your role may not see this", f"The role {role} has no right to {right}: use another token."
    )


def not_found(detail: str) -> ProblemError:
    """Return the problem of something that does not exist."""
    return ProblemError(404, "not-found", "Not found", detail)


def invalid_request(detail: str, errors: object = ()) -> ProblemError:
    """Return the problem of a request whose parameters are wrong."""
    return ProblemError(
        422, "invalid-request", "The request is not valid", detail, more={"errors": errors} if errors else None
    )
