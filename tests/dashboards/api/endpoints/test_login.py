"""Logins by a token or a link, and what their cookies are."""

import pytest
import requests

from dashboards.api.endpoints.login import local_target
from dashboards.api.security.sessions import COOKIE, owner_link
from tests.dashboards.api.running import SECRET, RunningApi
from tests.dashboards.people import END_MS


def test_a_token_becomes_a_cookie(api: RunningApi) -> None:
    found = api.post("/login", None, {"token": "token-dashboard", "next": "/customers"})
    assert (found.status_code, found.headers["location"]) == (303, "/customers")
    cookie = found.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    rows = requests.get(f"{api.url}/v1/top", cookies=found.cookies, timeout=60)
    assert rows.status_code == 200
    assert "···" in rows.text


def test_a_wrong_token_is_refused(api: RunningApi) -> None:
    assert api.post("/login", None, {"token": "wrong"}).status_code == 401
    assert api.post("/login", None, {}).status_code == 401


def test_a_link_logs_in_once(api: RunningApi) -> None:
    path = f"/login/once?code={owner_link(SECRET, END_MS)}"
    found = api.get(path, None)
    assert (found.status_code, found.headers["location"]) == (303, "/")
    assert requests.get(f"{api.url}/v1/top", cookies=found.cookies, timeout=60).status_code == 200
    again = api.get(path, None)
    assert (again.status_code, again.json()["type"]) == (403, "query-api#link-used")


def test_a_logout_removes_the_cookie(api: RunningApi) -> None:
    cookies = api.post("/login", None, {"token": "token-admin"}).cookies
    session = api.services.sessions.read(cookies[COOKIE], END_MS)
    assert session is not None
    form = {"csrf": api.services.sessions.csrf_token(session.session_id)}
    url = f"{api.url}/logout"
    assert requests.post(url, cookies=cookies, timeout=60, allow_redirects=False).status_code == 403
    found = requests.post(url, form, cookies=cookies, timeout=60, allow_redirects=False)
    assert found.status_code == 303
    assert f'{COOKIE}=""' in found.headers["set-cookie"]


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb"])
def test_a_login_leads_to_this_site_only(target: str) -> None:
    assert local_target(target) == "/"


def test_a_login_leads_to_the_page_that_was_asked_for() -> None:
    assert local_target("/campaigns?range=7d&touch=first") == "/campaigns?range=7d&touch=first"
