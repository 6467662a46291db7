"""Webhooks over HTTP: what is accepted, kept, refused and counted."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from prometheus_client import generate_latest

from sources.collected import Collected
from sources.collector.endpoints.hooks import hook_request_of
from sources.collector.hook_services import FetchError, HookServices
from sources.collector.request import Request
from sources.hooks.hook_request import HookRequest
from sources.hooks.kept_request import read_kept
from sources.hooks.mapped_request import Hook
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from tests.sources.collector.running import Collector, running_collector
from touchline.collector.hooks import make_hook_services
from touchline.settings import read_settings

PATH = "/v1/hooks/acme/shop"
TOUCH = {"type": "sent", "direction": "outbound", "occurred_at": 1_769_851_800_000, "email": "ada@example.org"}
REFUSED = {"error": "not_accepted", "detail": "the request is not accepted"}


class Fetched:
    """A fetcher that notes addresses, and fails for those that contain `away`."""

    def __init__(self) -> None:
        self.certificates: list[str] = []
        self.calls: list[str] = []

    async def certificate(self, url: str) -> bytes:
        """Return the address as the certificate."""
        self.certificates.append(url)
        if "away" in url:
            raise FetchError("no answer")
        return url.encode()

    async def call(self, url: str) -> None:
        """Note the call."""
        self.calls.append(url)


def verify(request: HookRequest, source: HookSource) -> Verdict:
    if request.headers.get("x-acme-signature") not in source.secrets:
        return Verdict.FORGED
    return Verdict.STALE if "x-acme-old" in request.headers else Verdict.GENUINE


def map_body(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    event: Any = json.loads(request.body)
    if event == "unknown":
        return Unmappable("the event is unknown")
    return [Collected(channel, touch) for channel, touch in event]


def challenge(request: HookRequest, source: HookSource) -> HookAnswer | None:
    return HookAnswer(200, request.query["echo"].encode()) if "echo" in request.query else None


ACME = Provider(
    "acme",
    verify,
    map_body,
    challenge=challenge,
    accepted=HookAnswer(201, b"<ok/>", "text/xml"),
    busy_status=502,
    kept_headers=("x-acme-event",),
    certificate_url=lambda request, source: request.headers.get("x-acme-certificate", ""),
    confirmation_url=lambda request, source: request.headers.get("x-acme-confirm", ""),
    token=lambda request, source: request.headers.get("x-acme-token", ""),
)
SIGNED = {"x-acme-signature": "s2"}


def services_of(fetcher: Fetched | None = None) -> HookServices:
    hook = Hook(ACME, HookSource("acme", "shop", ("s1", "s2")), "acme", "mail of the shop")
    made = make_hook_services(read_settings())
    return made._replace(hooks={("acme", "shop"): hook}, fetcher=fetcher or Fetched())


async def post(collector: Collector, event: object, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    reply = await collector.post(PATH, event, SIGNED if headers is None else headers, key="")
    return reply.status, reply.body


def counted(collector: Collector, result: str, provider: str = "acme") -> bool:
    line = f'touchline_collector_hooks_total{{provider="{provider}",result="{result}"}} 1.0'
    return line in generate_latest(collector.services.metrics.registry).decode()


async def test_touches_get_tenant_and_source_of_the_configuration() -> None:
    async with running_collector(hooks=services_of()) as collector:
        event = [["emails", {**TOUCH, "event_id": "e1", "tenant": "other", "source": "x"}], ["emails", TOUCH]]
        assert await post(collector, event) == (201, b"<ok/>")
        first, second = collector.sink.touches
        assert first == {**TOUCH, "event_id": "e1", "tenant": "acme", "source": "mail of the shop"}
        assert [record.topic for record in collector.sink.records] == ["emails", "emails"]
        await post(collector, event)
        assert collector.sink.touches[3]["event_id"] == second["event_id"]  # derived of the content
    assert collector.services.metrics.hooks == {("acme", "mapped"): 2}


@pytest.mark.parametrize(
    ("path", "headers", "result", "provider"),
    [
        (PATH, {}, "forged", "acme"),
        (PATH, {"x-acme-signature": "s3"}, "forged", "acme"),
        (PATH, {**SIGNED, "x-acme-old": "1"}, "stale", "acme"),
        ("/v1/hooks/acme/other", SIGNED, "unknown", "unknown"),
        ("/v1/hooks/other/shop", SIGNED, "unknown", "unknown"),
    ],
)
async def test_the_answer_to_what_is_not_accepted_teaches_nothing(
    path: str, headers: dict[str, str], result: str, provider: str
) -> None:
    async with running_collector(hooks=services_of()) as collector:
        reply = await collector.post(path, [["emails", TOUCH]], headers, key="")
        assert (reply.status, reply.json) == (401, REFUSED)
        assert collector.sink.records == []
        assert counted(collector, result, provider)
        assert collector.services.metrics.refused == {("not_accepted",): 1}


async def test_a_token_cannot_be_used_for_another_event() -> None:
    async with running_collector(hooks=services_of()) as collector:
        headers = {**SIGNED, "x-acme-token": "t1"}
        collector.sink.away = "Kafka is away"
        assert (await post(collector, [["emails", TOUCH]], headers))[0] == 502
        collector.sink.away = ""
        assert (await post(collector, [["emails", TOUCH]], headers))[0] == 201  # repeated, as after a lost answer
        reply = await collector.post(PATH, [["emails", {**TOUCH, "email": "eve@example.org"}]], headers, key="")
        assert (reply.status, reply.json) == (401, REFUSED)
        assert counted(collector, "replayed")
        assert [touch["email"] for touch in collector.sink.touches] == ["ada@example.org"]
        assert (await post(collector, [["emails", TOUCH]], {**headers, "x-acme-signature": "s3"}))[0] == 401
        assert (await post(collector, [["emails", TOUCH]], {**headers, "x-acme-token": "t2"}))[0] == 201


async def test_a_genuine_request_that_cannot_be_mapped_is_kept_once() -> None:
    async with running_collector(hooks=services_of()) as collector:
        headers = {**SIGNED, "x-acme-event": "new", "authorization": "Basic xyz"}
        assert (await post(collector, "unknown", headers))[0] == 201
        assert (await post(collector, "unknown", headers))[0] == 201
        first, second = collector.sink.records
        assert first.topic == "quarantine"
        assert (first.key, first.value) == (second.key, second.value)
        assert first.value == b'POST /v1/hooks/acme/shop\nx-acme-event: new\n\n"unknown"'
        fields = dict(first.headers)
        assert (fields["reason"], fields["detail"]) == (b"unmappable", b"the event is unknown")
        assert (fields["raw_topic"], fields["raw_partition"]) == (b"hooks.acme.shop", b"0")
        assert first.key == b"hooks.acme.shop/0/" + fields["raw_offset"]
    assert collector.services.metrics.hooks == {("acme", "quarantined"): 2}


@pytest.mark.parametrize(
    ("touch", "detail"),
    [
        (["emails", {**TOUCH, "occurred_at": "yesterday"}], "touch 2: bad_time: occurred_at"),
        (["letters", TOUCH], "touch 2: there is no channel letters"),
        (["emails", {**TOUCH, "subject": "x" * 40_000}], "touch 2: its message has 40,"),
    ],
)
async def test_a_touch_that_the_contract_refuses_is_kept_and_its_neighbours_are_sent(
    touch: list[Any], detail: str
) -> None:
    async with running_collector(hooks=services_of()) as collector:
        event = [["emails", {**TOUCH, "event_id": "e1"}], touch]
        assert (await post(collector, event))[0] == 201
        sent, kept = collector.sink.records
        assert json.loads(sent.value)["event_id"] == "e1"
        assert dict(kept.headers)["detail"].startswith(detail.encode())
        assert json.loads(read_kept(kept.value).body) == event


async def test_a_defect_of_an_adapter_loses_nothing() -> None:
    async with running_collector(hooks=services_of()) as collector:
        reply = await collector.post(PATH, b"{", SIGNED, key="")
        assert reply.status == 201
        (kept,) = collector.sink.records
        assert dict(kept.headers)["detail"].startswith(b"the adapter failed (JSONDecodeError)")


async def test_an_event_that_is_no_touch_is_accepted() -> None:
    async with running_collector(hooks=services_of()) as collector:
        assert (await post(collector, []))[0] == 201
        assert collector.sink.records == []
        assert counted(collector, "no_touch")


async def test_a_busy_collector_answers_what_the_provider_repeats() -> None:
    async with running_collector(hooks=services_of()) as collector:
        collector.sink.away = "Kafka is away"
        reply = await collector.post(PATH, [["emails", TOUCH]], SIGNED, key="")
        assert (reply.status, reply.headers["retry-after"]) == (502, "3")
        assert counted(collector, "busy")


async def test_a_challenge_is_answered_before_anything_is_verified() -> None:
    async with running_collector(hooks=services_of()) as collector:
        reply = await collector.request("GET", f"{PATH}?echo=abc", key="")
        assert (reply.status, reply.body) == (200, b"abc")
        assert counted(collector, "set_up")


async def test_certificates_are_fetched_and_subscriptions_confirmed_only_if_genuine() -> None:
    fetcher = Fetched()
    async with running_collector(hooks=services_of(fetcher)) as collector:
        wanted = {"x-acme-certificate": "https://a.example.org/c.pem", "x-acme-confirm": "https://a.example.org/ok"}
        assert (await post(collector, [], {**wanted, "x-acme-signature": "s3"}))[0] == 401
        assert fetcher.calls == []
        assert (await post(collector, [], {**wanted, **SIGNED}))[0] == 201
        assert fetcher.calls == ["https://a.example.org/ok"]
        assert fetcher.certificates == ["https://a.example.org/c.pem"] * 2
        assert (await post(collector, [], {**SIGNED, "x-acme-certificate": "https://away.example.org"}))[0] == 502


def test_the_request_of_an_adapter() -> None:
    request = Request("POST", PATH, b"a=1&a=2&b=%20", {b"x-a": b"\xe4"}, b"raw", "192.0.2.1", 5)
    assert hook_request_of(request, "https://touch.example.org") == HookRequest(
        "POST", f"https://touch.example.org{PATH}?a=1&a=2&b=%20", {"a": "2", "b": " "}, {"x-a": "ä"}, b"raw", 5
    )
    assert hook_request_of(request._replace(query=b"a&" * 1_000), "").query == {}
