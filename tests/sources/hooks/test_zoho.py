"""Zoho's token, apart from what holds for every adapter."""

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.zoho import verify


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b'{"token": "t1"}', Verdict.GENUINE),
        (b'{"token": "t2"}', Verdict.FORGED),
        (b'{"token": null}', Verdict.FORGED),
        (b"token=t1", Verdict.FORGED),
    ],
)
def test_the_token_is_in_the_body(body: bytes, verdict: Verdict) -> None:
    assert verify(HookRequest("POST", "", {}, {}, body, 0), HookSource("zoho", "main", ("t1",))) is verdict
