"""Answers with entity tags, and for one viewer only."""

from tests.dashboards.api.running import RunningApi


def test_an_answer_that_the_client_has_is_not_sent_again(api: RunningApi) -> None:
    first = api.get("/v1/top?limit=3")
    again = api.get("/v1/top?limit=3", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"


def test_a_masked_answer_has_another_tag(api: RunningApi) -> None:
    tags = {api.get("/v1/top?limit=3", role).headers["etag"] for role in ("admin", "analyst", "dashboard")}
    assert len(tags) == 2


def test_csv_is_a_file(api: RunningApi) -> None:
    found = api.get("/v1/top.csv?limit=3")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="top.csv"'


def test_csv_without_rows_has_its_header(api: RunningApi) -> None:
    assert api.get("/v1/top.csv?channel=tickets").text.startswith("place,profile,rank,score.net,")
