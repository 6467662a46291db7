"""Daily ids: the same for a visitor's requests of one day, and different for everything else."""

import json
from typing import Any

import msgspec
import pytest

from sources.collector.daily_visitors import daily_id, replace_marker
from sources.collector.request import Request
from tests.sources.collector.running import ENTRY, running_collector

SECRET = b"a secret of the site"
NOON_MS = 1_780_000_000_000 // 86_400_000 * 86_400_000 + 43_200_000
REQUEST = Request("POST", "/v1/beacon", b"", {b"user-agent": b"Firefox"}, b"", "198.51.100.7", NOON_MS)


def test_the_same_visitor_on_the_same_day() -> None:
    later = REQUEST._replace(received_at_ms=NOON_MS + 43_199_999, path="/v1/touches", body=b"x")
    assert daily_id(SECRET, ENTRY, REQUEST) == daily_id(SECRET, ENTRY, later)


@pytest.mark.parametrize(
    "changed",
    [
        {"received_at_ms": NOON_MS + 43_200_000},
        {"peer_ip": "198.51.100.8"},
        {"headers": {b"user-agent": b"Firefox 2"}},
        {"headers": {}},
        {"peer_ip": "198.51.100.7F", "headers": {b"user-agent": b"irefox"}},
    ],
)
def test_another_day_address_or_browser(changed: dict[str, Any]) -> None:
    assert daily_id(SECRET, ENTRY, REQUEST) != daily_id(SECRET, ENTRY, REQUEST._replace(**changed))


def test_another_key_or_secret() -> None:
    ids = {
        daily_id(SECRET, ENTRY, REQUEST),
        daily_id(b"another secret", ENTRY, REQUEST),
        daily_id(SECRET, msgspec.structs.replace(ENTRY, key_id="k-other"), REQUEST),
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    "touch",
    [
        {"anonymous_id": "$Daily"},
        {"anonymous_id": "a1", "title": '"anonymous_id":"$daily"'},
        {"title": "$daily"},
    ],
)
def test_other_values_stay(touch: dict[str, Any]) -> None:
    body = json.dumps(touch, separators=(",", ":")).encode()
    assert replace_marker(body, SECRET, ENTRY, REQUEST) == body


async def test_touches_with_the_marker_get_the_id() -> None:
    page = {"type": "page", "occurred_at": NOON_MS, "url": "https://shop.example/"}
    body = json.dumps(
        [page | {"anonymous_id": "$daily"}, page | {"anonymous_id": "a1"}], separators=(",", ":")
    ).encode()
    headers = {"origin": "https://shop.example", "user-agent": "Firefox"}
    async with running_collector() as collector:
        for agent in ("Firefox", "Firefox", "Safari"):
            reply = await collector.post("/v1/beacon?channel=visits", body, headers | {"user-agent": agent})
            assert reply.json["accepted"] == 2
        ids = [touch["anonymous_id"] for touch in collector.sink.touches]
    assert ids[1::2] == ["a1"] * 3
    first, second, third = ids[::2]
    assert first == second != third
    assert first.startswith("daily-")
