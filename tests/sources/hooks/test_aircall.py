"""Aircall's token, apart from what holds for every adapter."""

import pytest

from sources.hooks.aircall import verify
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b'{"token": "t1"}', Verdict.GENUINE),
        (b'{"token": "t2"}', Verdict.GENUINE),
        (b'{"token": "t3"}', Verdict.FORGED),
        (b'{"token": "t3", "token": "t1"}', Verdict.GENUINE),
        (b'{"data": {"token": "t1"}}', Verdict.FORGED),
        (b'{"token": ["t1"]}', Verdict.FORGED),
        (b'["t1"]', Verdict.FORGED),
        (b"t1", Verdict.FORGED),
    ],
)
def test_the_token_is_in_the_body(body: bytes, verdict: Verdict) -> None:
    assert verify(HookRequest("POST", "", {}, {}, body, 0), HookSource("aircall", "main", ("t1", "t2"))) is verdict
