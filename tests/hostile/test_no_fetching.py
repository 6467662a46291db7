"""No address that a client sends is fetched, resolved or opened: SSRF in every field of every channel, and headers."""

import ast
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from schemas.channels import CHANNELS
from tests.hostile.attempted_connections import attempted
from tests.house.files import ROOT, files
from tests.schemas.touches import LEAST
from tests.sources.collector.running import running_collector

TARGETS = (
    "http://ssrf.example/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:9/",
    "file:///ssrf.example",
    "gopher://ssrf.example:70/_x",
    "//ssrf.example/x",
    "\\\\ssrf.example\\share",
    "jar:http://ssrf.example!/x",
)
MARKS = ("ssrf.example", "169.254.169.254", "::1")
FETCHING = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "subprocess", "telnetlib", "urllib3"}
MAY_CONNECT = {
    "sources/collector/https_fetcher.py": "certificates and confirmations of SNS, at its own hosts",
    "sources/collector/server.py": "the socket that it listens on",
}
"""Modules of `schemas`, `sources` and `streams` that may use the network, and for what; Kafka's clients aside."""
OF_THE_WORKER = ("streams/kafka/", "streams/runtime/")


def touches_with(target: str) -> list[dict[str, Any]]:
    """Return a touch of each channel for each of its fields, with the target there."""
    return [
        {"channel": channel, **LEAST[channel], "event_id": f"{channel}-{name}", name: target}
        for channel, model in CHANNELS.items()
        for name in [*model.model_fields, "properties"]
    ]


def headers_with(target: str) -> dict[str, str]:
    return {
        "host": target.partition("//")[2] or target,
        "referer": target,
        "x-forwarded-for": "169.254.169.254",
        "x-forwarded-host": "ssrf.example",
        "x-original-url": target,
        "forwarded": f"for={target}",
        "x-amz-sns-message-type": "SubscriptionConfirmation",
        "user-agent": target,
    }


@pytest.mark.parametrize("target", TARGETS)
async def test_no_field_is_an_address_to_go_to(target: str) -> None:
    event = {"type": "page", "userId": "ada", "properties": {"url": target, "referrer": target, "path": target}}
    envelope = {"Type": "SubscriptionConfirmation", "SubscribeURL": target, "SigningCertURL": target, "Token": "t"}
    async with running_collector() as collector:
        with attempted() as found:
            for touch in touches_with(target):
                reply = await collector.post("/v1/touches", touch, headers_with(target))
                assert reply.status in (200, 422)
            fields = urlencode({"url": target, "referrer": target, "title": target})
            assert (await collector.request("GET", f"/v1/pixel.gif?{fields}", b"", headers_with(target))).status == 200
            assert (await collector.post("/v1/batch", {"batch": [event]})).status == 200
            assert (await collector.post("/v1/hooks/ses/main", envelope, headers_with(target))).status == 401
        assert collector.sink.records
    assert any(event.startswith("socket.connect") for event in found)  # those of the test's own client
    assert [event for event in found if any(mark in event for mark in MARKS)] == []


def test_the_network_is_used_by_the_named_modules_only() -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in files("schemas", "sources", "streams", suffix=".py")}
    using = {name for name in modules if imported(ROOT / name) & FETCHING}
    assert {name for name in using if not name.startswith(OF_THE_WORKER)} == set(MAY_CONNECT)


def imported(path: Path) -> set[str]:
    """Return the first parts of the modules that a module imports; `urllib.request` counts as `urllib3`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {"urllib3" if name.startswith("urllib.request") else name.partition(".")[0] for name in names}
