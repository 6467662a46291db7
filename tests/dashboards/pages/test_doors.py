"""The login, and problems as pages."""

from dashboards.api.security.roles import Role
from tests.dashboards.api.running import RunningApi
from tests.dashboards.pages.browsing import Site, needs_chromium


@needs_chromium
async def test_a_viewer_logs_in_by_a_token_and_comes_to_the_page_that_was_asked_for(site: Site) -> None:
    role: Role = "analyst"
    async with site.visit("/?range=1h", None, expected=("401",)) as visit:
        await visit.page.get_by_role("heading", name="Log in").wait_for()
        await visit.check_accessibility()
        await visit.page.get_by_label("Token").fill("no token")
        await visit.page.keyboard.press("Enter")
        await visit.page.get_by_text("This token is not valid").wait_for()
        await visit.page.get_by_label("Token").fill(f"token-{role}")
        await visit.page.keyboard.press("Enter")
        await visit.page.get_by_role("heading", name="Overview").wait_for()


def test_a_browser_is_shown_problems_as_pages_and_programs_as_json(api: RunningApi) -> None:
    page = api.get("/nowhere", Accept="text/html")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert page.headers["x-request-id"] in page.text
    assert api.get("/nowhere").headers["content-type"] == "application/problem+json"
    assert api.get("/", None, Accept="text/html").headers["location"] == "/login?next=/"


def test_the_target_of_a_login_stays_on_this_site(api: RunningApi) -> None:
    for target in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        assert 'name="next" value="/"' in api.get(f"/login?next={target}", None).text
