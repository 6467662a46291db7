"""Problems as JSON by RFC 9457."""

import json

from dashboards.api.problem import (
    ProblemError,
    invalid_request,
    not_found,
    not_permitted,
    not_signed_in,
    problem_response,
    token_not_valid,
)


def test_members_and_headers() -> None:
    problem = ProblemError(503, "busy", "Busy", "Send it again.", retry_s=5, more={"since": "2026-01-01T00:00:00Z"})
    answer = problem_response(problem, "r1")
    assert (answer.status_code, answer.media_type) == (503, "application/problem+json")
    assert answer.headers["retry-after"] == "5"
    assert json.loads(bytes(answer.body)) == {
        "type": "query-api#busy",
        "title": "Busy",
        "status": 503,
        "detail": "Send it again.",
        "request_id": "r1",
        "since": "2026-01-01T00:00:00Z",
    }


def test_frequent_problems() -> None:
    assert not_signed_in().headers["WWW-Authenticate"].startswith("Bearer")
    assert 'error="invalid_token"' in token_not_valid().headers["WWW-Authenticate"]
    assert [one.status for one in (not_permitted("support", "lists"), not_found(""), invalid_request("no"))] == [
        403,
        404,
        422,
    ]
    assert invalid_request("no", [{"where": "query.limit"}]).more == {"errors": [{"where": "query.limit"}]}
