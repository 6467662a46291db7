"""Errors of the application as problems, and its description."""

from tests.dashboards.api.running import RunningApi


def test_a_path_that_does_not_exist(api: RunningApi) -> None:
    found = api.get("/v1/nothing")
    assert (found.status_code, found.json()["type"]) == (404, "query-api#not-found")
    assert found.json()["request_id"] == found.headers["x-request-id"]


def test_a_method_that_a_path_does_not_take(api: RunningApi) -> None:
    found = api.post("/v1/top")
    assert (found.status_code, found.json()["title"]) == (405, "Method not allowed")
    assert found.headers["allow"] == "GET"


def test_browsers_are_sent_to_the_login(api: RunningApi) -> None:
    found = api.get("/logout", None, Accept="text/html")
    assert found.status_code in (303, 404, 405)
    assert api.get("/v1/top", None, Accept="text/html").status_code == 401


def test_the_description_has_problems_and_examples(api: RunningApi) -> None:
    found = api.get("/v1/openapi.json", None).json()
    assert found["openapi"].startswith("3.1")
    top = found["paths"]["/v1/top"]["get"]
    assert "application/problem+json" in top["responses"]["422"]["content"]
    assert "ProblemModel" in found["components"]["schemas"]
    assert "text/csv" in found["paths"]["/v1/top.csv"]["get"]["responses"]["200"]["content"]
