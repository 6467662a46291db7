"""Front's two signatures and its setting up, apart from what holds for every adapter."""

import pytest

from sources.hooks.front import challenge, verify
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookAnswer, HookSource, Verdict
from tests.sources.hooks.samples.front import sign
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import NOW_MS, SECRET, with_headers

SOURCE = HookSource("front", "main", (SECRET,))
BODY = b'{"type": "sync"}'
REQUEST = HookRequest("POST", "", {}, {}, BODY, NOW_MS)


@pytest.mark.parametrize(("algorithm", "verdict"), [("sha1", Verdict.GENUINE), ("sha256", Verdict.FORGED)])
def test_a_rule_signs_the_body(algorithm: str, verdict: Verdict) -> None:
    request = with_headers(REQUEST, x_front_signature=hmac_base64(SECRET, BODY, algorithm))
    assert verify(request, SOURCE) is verdict


def test_the_signature_of_a_rule_is_none_of_an_application() -> None:
    signature = hmac_base64(SECRET, BODY, "sha1")
    request = with_headers(REQUEST, x_front_signature=signature, x_front_request_timestamp=str(NOW_MS))
    assert verify(request, SOURCE) is Verdict.FORGED


def test_a_signed_challenge_is_echoed() -> None:
    request = with_headers(sign(REQUEST, SECRET), x_front_challenge="a1b2")
    assert challenge(request, SOURCE) == HookAnswer(200, b'{"challenge":"a1b2"}', "application/json")


@pytest.mark.parametrize("echo", ["", "x" * 501, 'a"b', "a\\b", "a\nb", "é"])
def test_other_challenges_are_not_echoed(echo: str) -> None:
    assert challenge(with_headers(sign(REQUEST, SECRET), x_front_challenge=echo), SOURCE) is None


def test_a_forged_challenge_is_not_echoed() -> None:
    assert challenge(with_headers(sign(REQUEST, "other"), x_front_challenge="a1b2"), SOURCE) is None
