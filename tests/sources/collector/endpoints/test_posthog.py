"""The paths of PostHog's server SDKs, over HTTP."""

import pytest

from tests.sources.collector.running import KEY, running_collector

EVENT = {"event": "Signed Up", "distinct_id": "u1", "uuid": "e1", "properties": {"$lib": "posthog-python"}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/batch/", {"api_key": KEY, "batch": [EVENT]}),
        ("/capture/", {"api_key": KEY, **EVENT}),
        ("/capture/", {"token": KEY, **EVENT}),
    ],
)
async def test_events(path: str, body: dict[str, object]) -> None:
    async with running_collector() as collector:
        reply = await collector.post(path, body, key="")
        assert (reply.status, reply.json) == (200, {"status": 1})
        (touch,) = collector.sink.touches
        assert (touch["event_id"], touch["name"], touch["customer_id"]) == ("e1", "Signed Up", "u1")
        assert KEY not in str(touch)


@pytest.mark.parametrize(("body", "status"), [({"batch": [EVENT]}, 401), ({"api_key": "x", **EVENT}, 401), (b"{", 400)])
async def test_what_is_refused(body: object, status: int) -> None:
    async with running_collector() as collector:
        assert (await collector.post("/batch/", body, key="")).status == status
        assert collector.sink.records == []


async def test_a_sink_that_is_away_is_to_be_tried_again() -> None:
    async with running_collector() as collector:
        collector.sink.away = "Kafka does not answer"
        reply = await collector.post("/batch/", {"api_key": KEY, "batch": [EVENT]}, key="")
        assert (reply.status, reply.headers["retry-after"]) == (503, "3")
