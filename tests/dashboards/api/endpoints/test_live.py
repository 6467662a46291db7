"""`/v1/live` on a real server: who sees what, and when there is none."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from dashboards.api.endpoints.live import audience_of
from dashboards.api.reader.async_clickhouse import Server
from dashboards.api.security.masking import mask
from dashboards.api.security.roles import Role, Viewer
from dashboards.api.services import ApiServices
from dashboards.live import hub as hub_module
from dashboards.live.audience import Audience
from dashboards.live.hub import Hub
from tests.dashboards.api.running import WAIT_S, RunningApi, make_services, serving
from tests.dashboards.live.watching import HALF_LIFE_MS, START_MS, events_in
from tests.sinks.sample_blocks import make_block, make_event, make_row

SECRET = "ada@nordlicht.example"


@pytest.fixture(scope="module")
def live_api(server: Server) -> Iterator[RunningApi]:
    """An API with live events of two tenants, whose viewers have the tenant `main`."""

    def make() -> ApiServices:
        services = make_services(server, lambda: START_MS, HALF_LIFE_MS)
        hub = Hub(HALF_LIFE_MS, services.profile_keys.key_of, mask, lambda: START_MS)
        rows = [
            make_event("main", 0, 1, folded_into=f"email:{SECRET}", url=f"https://a.example/{SECRET}", title=SECRET),
            make_event("other", 0, 2, folded_into="email:theirs@example.org"),
        ]
        hub.take(make_block("events", 0, 1, 2, rows), START_MS)
        profile = make_row(
            "profiles", tenant="main", identifier=f"email:{SECRET}", traits={"name": SECRET}, rank_pos=1e4
        )
        hub.take(make_block("profiles", 0, 1, 2, [profile]), START_MS)
        for room in hub._rooms.values():
            room.hot.read([], START_MS)
        return replace(services, live=hub)

    with serving(make) as running:
        yield running


def first_events(api: RunningApi, role: Role, **headers: str) -> tuple[bytes, list[tuple[str, dict[str, Any]]]]:
    """What a viewer of a role gets at once, as bytes and as events."""
    sent = {"Authorization": f"Bearer token-{role}", **headers}
    with requests.get(f"{api.url}/v1/live", headers=sent, stream=True, timeout=WAIT_S) as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert "content-encoding" not in response.headers
        data = b""
        for line in response.iter_lines(chunk_size=1):
            data += line + b"\n"
            if line.startswith(b"data: "):
                return data, events_in(data + b"\n")
    raise AssertionError("the stream has ended")


@pytest.mark.parametrize("role", ["admin", "analyst"])
def test_analysts_see_the_customers_of_their_tenant(live_api: RunningApi, role: Role) -> None:
    data, ((name, hello),) = first_events(live_api, role)
    assert name == "hello"
    assert [one["profile"] for one in hello["newest"]] == [f"email:{SECRET}"]
    assert hello["hot"]["rows"][0]["name"] == SECRET
    assert b"theirs" not in data
    assert hello["bins"] == [[START_MS // 1000, {"visits": 1}]]
    key = hello["newest"][0]["key"]
    assert live_api.services.profile_keys.profile_of("main", key) == f"email:{SECRET}"


def test_dashboards_see_no_identifier(live_api: RunningApi) -> None:
    data, ((_, hello),) = first_events(live_api, "dashboard")
    assert SECRET.encode() not in data
    (touch,) = hello["newest"]
    assert (touch["profile"], touch["title"]) == ("email:a···@nordlicht.example", "Viewed a page")


def test_support_sees_no_customers(live_api: RunningApi) -> None:
    data, ((_, hello),) = first_events(live_api, "support")
    assert b"nordlicht" not in data
    assert (hello["newest"], hello["hot"], len(hello["bins"])) == ([], None, 1)


@pytest.mark.parametrize("event_id", ["x" * 10_000, "-" * 100, "1-²", "é"])
def test_any_last_event_id_is_answered(live_api: RunningApi, event_id: str) -> None:
    assert first_events(live_api, "analyst", **{"Last-Event-ID": event_id.encode().decode("latin-1")})[1]


def test_without_a_token_there_are_no_events(live_api: RunningApi) -> None:
    assert live_api.get("/v1/live", None).status_code == 401


def test_an_api_without_live_events_answers_so(api: RunningApi) -> None:
    answer = api.get("/v1/live")
    assert (answer.status_code, answer.json()["title"]) == (503, "There are no live events")


def test_too_many_viewers_are_told_when_to_return(live_api: RunningApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "MOST_VIEWERS", 0)
    answer = live_api.get("/v1/live")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        ("admin", Audience.CLEAR),
        ("analyst", Audience.CLEAR),
        ("dashboard", Audience.MASKED),
        ("support", Audience.FIGURES),
    ],
)
def test_audience_of_each_role(role: Role, audience: Audience) -> None:
    assert audience_of(Viewer(role, "t", "main")) is audience
