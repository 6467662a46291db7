"""What each request goes through: checks of its caller, headers, and its report."""

from dataclasses import replace

import pytest
import requests

from dashboards.api.reader.async_clickhouse import Server
from tests.dashboards.api.running import RunningApi, make_services, serving


def test_each_answer_has_the_headers_for_browsers(api: RunningApi) -> None:
    for path in ("/v1/top", "/nothing", "/live"):
        headers = api.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_request_is_reported_without_its_path(api: RunningApi) -> None:
    api.get("/v1/top?limit=7")
    last = api.answered[-1]
    assert (last.method, last.route, last.status, last.token_id) == ("GET", "/v1/top", 200, "id-analyst")
    api.get("/someone@example.org")
    assert api.answered[-1].route == "unknown"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Length": "100000"}, 413),
    ],
)
def test_a_request_of_another_site_or_too_large_is_refused(
    api: RunningApi, headers: dict[str, str], status: int
) -> None:
    found = api.post("/login", None, b"", **headers)
    assert (found.status_code, found.headers["content-type"]) == (status, "application/problem+json")


def test_only_known_hosts_are_served(server: Server) -> None:
    make = lambda: replace(make_services(server, lambda: 1_000, 7_000), hosts=frozenset({"127.0.0.1"}))  # noqa: E731
    with serving(make) as running:
        assert requests.get(f"{running.url}/live", timeout=60).status_code == 200
        found = requests.get(f"{running.url}/live", headers={"Host": "evil.example"}, timeout=60)
        assert (found.status_code, found.json()["type"]) == (421, "query-api#unknown-host")


def test_large_answers_are_compressed(api: RunningApi) -> None:
    assert api.get("/v1/top?limit=500").headers["content-encoding"] == "gzip"
