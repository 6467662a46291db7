"""One customer by its key, search by any identifier, and what each role may see."""

import csv

import msgspec
import pytest
import requests

from dashboards.answers.customer import customer
from dashboards.answers.scope import Scope
from dashboards.api.security.roles import Role
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS

BUSY = "customer_id:c1"
PARTS = ("", "/touches", "/touches.csv", "/score", "/explain", "/explain.csv", "/identities", "/identities.csv")


def search(api: RunningApi, text: str, role: Role = "analyst") -> requests.Response:
    body = msgspec.json.encode({"identifier": text})
    return api.post("/v1/customers/search", role, body, **{"Content-Type": "application/json"})


@pytest.fixture(scope="module")
def key(api: RunningApi) -> str:
    return api.services.profile_keys.key_of("main", BUSY)


def test_customer_of_any_identifier(api: RunningApi, lived: Client, key: str) -> None:
    expected = customer(lived, Scope(), BUSY, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert expected is not None
    found = api.get(f"/v1/customers/{key}").json()
    assert found["profile"]["score"]["net"] == expected.profile.score.net
    assert [one["event_id"] for one in found["page"]["touches"]] == [one.event_id for one in expected.page.touches]
    weakest = api.services.profile_keys.key_of("main", expected.profile.members[-1].identifier)
    assert api.get(f"/v1/customers/{weakest}").json() == found


def test_pages_of_touches(api: RunningApi, key: str) -> None:
    first = api.get(f"/v1/customers/{key}/touches?limit=30&channel=calls,emails").json()
    second = api.get(f"/v1/customers/{key}/touches?limit=30&channel=calls,emails&cursor={first['older']}").json()
    both = api.get(f"/v1/customers/{key}/touches?limit=60&channel=calls,emails").json()
    assert first["touches"] + second["touches"] == both["touches"]
    rows = list(
        csv.DictReader(api.get(f"/v1/customers/{key}/touches.csv?limit=60&channel=calls,emails").text.splitlines())
    )
    assert [one["event_id"] for one in rows] == [one["event_id"] for one in both["touches"]]
    assert api.get(f"/v1/customers/{key}/touches?cursor=x").status_code == 422
    assert api.get(f"/v1/customers/{key}/touches?channel=fax").status_code == 422


def test_score_over_time(api: RunningApi, key: str) -> None:
    found = api.get(f"/v1/customers/{key}/score?since_ms={END_MS - 5 * DAY_MS}&until_ms={END_MS + DAY_MS}").json()
    assert found["past"][0][0] == END_MS - 5 * DAY_MS
    assert found["future"][-1][0] == END_MS + DAY_MS
    assert api.get(f"/v1/customers/{key}/score?since_ms={END_MS + 1}").status_code == 422


def test_search_finds_any_spelling(api: RunningApi) -> None:
    found = search(api, " P1@Example.ORG ")
    assert found.status_code == 200, found.text
    assert found.json()["identifier"] == "email:p1@example.org"
    whole = api.get(f"/v1/customers/{found.json()['key']}").json()
    assert whole["profile"]["identifier"] == found.json()["profile"]


def test_search_suggests_similar_identifiers(api: RunningApi) -> None:
    found = search(api, "pp1@example.org")
    assert found.status_code == 404
    near = found.json()["near"]
    assert "email:p1@example.org" in [one["identifier"] for one in near]
    assert api.get(f"/v1/customers/{near[0]['key']}").status_code == 200
    assert search(api, "").status_code == 422


@pytest.mark.parametrize("part", PARTS)
def test_roles(api: RunningApi, key: str, part: str) -> None:
    path = f"/v1/customers/{key}{part}"
    clear, masked = api.get(path), api.get(path, "dashboard")
    assert (clear.status_code, masked.status_code) == (200, 200)
    assert masked.text != clear.text or part == "/score"
    assert "example.org" not in masked.text.replace("···@example.org", "")
    assert not [one for one in ("c1", "Person 1", "https://shop") if f'"{one}' in masked.text]
    assert api.get(path, None).status_code == 401
    looked = api.get(path, "support")
    assert (looked.status_code, looked.json()["type"]) == (503, "query-api#looks-not-recorded")
    assert api.get(f"/v1/customers/{key[:-2]}AA{part}").status_code == 404


def test_support_finds_one_customer_and_is_recorded(whole_api: RunningApi, api: RunningApi) -> None:
    assert search(whole_api, "p1@example.org", "support").json()["identifier"] == "email:p1@example.org"
    assert search(api, "p1@example.org", "support").status_code == 503, "nothing can be recorded there"
    unknown = search(whole_api, "pp1@example.org", "support")
    assert (unknown.status_code, unknown.json()["near"]) == (404, [])
    assert "email:p1@example.org" not in unknown.text


def test_a_dashboard_may_not_search(api: RunningApi) -> None:
    assert search(api, "c1", "dashboard").status_code == 403
