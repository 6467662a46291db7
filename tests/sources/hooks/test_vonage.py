"""Vonage's tokens, apart from what holds for every adapter."""

from hashlib import sha256

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.vonage import verify
from tests.sources.hooks.signing import jwt
from tests.sources.hooks.webhooks import SECRET

BODY = b'{"status": "ringing"}'
CLAIMS = {"iat": 1_796_100_000, "payload_hash": sha256(BODY).hexdigest()}
SOURCE = HookSource("vonage", "main", (SECRET,))
TOKEN = jwt(SECRET, CLAIMS)


@pytest.mark.parametrize(
    ("authorization", "verdict"),
    [
        (f"Bearer {TOKEN}", Verdict.GENUINE),
        (f"bearer  {TOKEN} ", Verdict.GENUINE),
        (f"Bearer {jwt(SECRET, {**CLAIMS, 'exp': 1, 'nbf': 4_000_000_000, 'aud': 'x'})}", Verdict.GENUINE),
        (f"Bearer {jwt(SECRET, {**CLAIMS, 'payload_hash': CLAIMS['payload_hash'].upper()})}", Verdict.GENUINE),
        (f"Bearer {jwt(SECRET, {**CLAIMS, 'payload_hash': sha256(b'').hexdigest()})}", Verdict.FORGED),
        (f"Bearer {jwt(SECRET, {'iat': 1_796_100_000})}", Verdict.FORGED),
        (f"Bearer {jwt(SECRET, {**CLAIMS, 'payload_hash': None})}", Verdict.FORGED),
        (f"Bearer {jwt(SECRET, CLAIMS, 'none')}", Verdict.FORGED),
        (f"Bearer {jwt(SECRET, CLAIMS, 'HS512')}", Verdict.FORGED),
        (f"Bearer {TOKEN[:-3]}", Verdict.FORGED),
        (f"Bearer {TOKEN.rpartition('.')[0]}.", Verdict.FORGED),
        (f"Basic {TOKEN}", Verdict.FORGED),
        (TOKEN, Verdict.FORGED),
        ("Bearer a.b.c", Verdict.FORGED),
        ("Bearer", Verdict.FORGED),
        ("", Verdict.FORGED),
    ],
)
def test_a_token_is_signed_for_this_body(authorization: str, verdict: Verdict) -> None:
    request = HookRequest("POST", "", {}, {"authorization": authorization}, BODY, 0)
    assert verify(request, SOURCE) is verdict


def test_a_token_for_another_body_is_forged() -> None:
    request = HookRequest("POST", "", {}, {"authorization": f"Bearer {TOKEN}"}, BODY + b" ", 0)
    assert verify(request, SOURCE) is Verdict.FORGED
