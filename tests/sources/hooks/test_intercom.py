"""Intercom's signatures, apart from what holds for every adapter."""

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.intercom import verify
from sources.hooks.provider import HookSource, Verdict
from tests.sources.hooks.signing import hmac_hex
from tests.sources.hooks.webhooks import SECRET

BODY = b'{"topic": "ping"}'


@pytest.mark.parametrize(
    ("signature", "verdict"),
    [
        ("sha1=" + hmac_hex(SECRET, BODY, "sha1"), Verdict.GENUINE),
        (hmac_hex(SECRET, BODY, "sha1"), Verdict.FORGED),
        ("sha256=" + hmac_hex(SECRET, BODY), Verdict.FORGED),
        ("sha1=", Verdict.FORGED),
    ],
)
def test_the_signature_has_its_prefix(signature: str, verdict: Verdict) -> None:
    request = HookRequest("POST", "", {}, {"x-hub-signature": signature}, BODY, 0)
    assert verify(request, HookSource("intercom", "main", (SECRET,))) is verdict
