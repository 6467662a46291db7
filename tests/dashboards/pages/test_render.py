"""Responses of pages."""

from tests.dashboards.api.running import RunningApi


def test_a_page_that_has_not_changed_is_not_sent_again(api: RunningApi) -> None:
    first = api.get("/")
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "private, no-cache"
    assert api.get("/", **{"If-None-Match": first.headers["etag"]}).status_code == 304
