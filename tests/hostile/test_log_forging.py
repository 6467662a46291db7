"""Nothing that a client sends reaches a log: the access log has its own fields only, and other logs no value."""

import io
import json
import logging

import pytest

from sources.collector.access_log import AccessLog
from tests.sources.collector.running import KEY, running_collector

FORGED = "forged"
LINE = f'\\n{{"at_ms":1,"route":"{FORGED}"}}'
FIELDS = {"at_ms", "method", "route", "status", "ms", "bytes", "key"}
REQUESTS = [
    ("GET", f"/live%0a{FORGED}", {}),
    ("GET", f"/{FORGED}\x1b[2J", {}),
    ("GET", f"/live?{FORGED}%0d%0a{FORGED}", {}),
    ("GET", f"/v1/projects/{FORGED}%0a{FORGED}/settings", {}),
    ("GET", f"/v1/pixel.gif?key={FORGED}%0a&url={FORGED}", {}),
    ("POST", "/v1/touches", {"authorization": f"Bearer {FORGED}"}),
    ("POST", "/v1/touches", {"user-agent": f"{FORGED}\x1b]0;{FORGED}\x07", "referer": LINE}),
    ("POST", "/v1/touches", {"x-forwarded-for": f"{FORGED}, {LINE}"}),
    ("POST", f"/v1/hooks/{FORGED}%0a/{FORGED}", {}),
    ("PUT", f"/{FORGED}", {}),
    (FORGED.upper(), "/live", {}),
]
BODY = {"channel": "visits", "type": FORGED + "\n\x1b[2J", "event_id": LINE}


async def test_no_line_is_forged(caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    log = AccessLog(stream)
    with caplog.at_level(logging.DEBUG, "sources"):
        async with running_collector(access_log=log) as collector:
            for method, path, headers in REQUESTS:
                assert (await collector.request(method, path, BODY, headers)).status < 500
            served = await collector.request("POST", "/v1/touches", BODY)
            assert served.status == 422
        log.flush()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["key"] for line in lines if line["route"] == "touches"][-1] == "k-shop"
    assert all(set(line) == FIELDS for line in lines)
    for logged in (stream.getvalue(), caplog.text):
        assert FORGED not in logged.lower()
        assert "\x1b" not in logged
        assert KEY not in logged
