"""The signature of Standard Webhooks, compared with the reference library."""

import json
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.standard_signature import check_keys, read_key, verify_standard
from tests.sources.hooks.samples.resend import configured, sign
from tests.sources.hooks.webhooks import NOW_MS

SOURCE = HookSource("acme", "a", (configured("old secret"), configured("the secret")))
REQUEST = HookRequest("POST", "", {}, {"webhook-id": "msg_1"}, b'{"a":1}', NOW_MS)
SIGNED = sign(REQUEST, "the secret", "webhook")


def with_header(request: HookRequest, name: str, value: str) -> HookRequest:
    return request._replace(headers={**request.headers, name: value})


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("webhook-id", "msg_1", Verdict.GENUINE),
        ("webhook-id", "msg_2", Verdict.FORGED),
        ("webhook-id", "", Verdict.FORGED),
        ("webhook-signature", "v1,AAAA " + SIGNED.headers["webhook-signature"], Verdict.GENUINE),
        ("webhook-signature", SIGNED.headers["webhook-signature"] + " v1,AAAA", Verdict.GENUINE),
        ("webhook-signature", SIGNED.headers["webhook-signature"].replace("v1,", "v2,"), Verdict.FORGED),
        ("webhook-signature", "v1", Verdict.FORGED),
        ("webhook-signature", "v1,AAAA " * 16 + SIGNED.headers["webhook-signature"], Verdict.FORGED),
        ("webhook-signature", "", Verdict.FORGED),
    ],
)
def test_one_of_the_signatures_has_to_match(name: str, value: str, verdict: Verdict) -> None:
    assert verify_standard(with_header(SIGNED, name, value), SOURCE) is verdict


@pytest.mark.parametrize(("age_s", "verdict"), [(300, Verdict.GENUINE), (301, Verdict.STALE), (-301, Verdict.STALE)])
def test_the_tolerance_is_five_minutes_both_ways(age_s: int, verdict: Verdict) -> None:
    assert verify_standard(SIGNED._replace(received_at_ms=NOW_MS + age_s * 1_000), SOURCE) is verdict


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(_TEXTS, st.text("abc12,= v", max_size=60), _TEXTS, st.booleans())
def test_the_reference_library_agrees(word: str, signature: str, secret: str, is_signed: bool) -> None:
    now_ms = int(time.time() * 1_000)  # the library reads the clock
    key = b64encode(f"{secret}k".encode()).decode()
    request = REQUEST._replace(body=json.dumps(word).encode(), received_at_ms=now_ms)
    request = sign(request, f"{secret}k", "webhook")
    if not is_signed:
        request = with_header(request, "webhook-signature", signature)
    verdict = verify_standard(request, HookSource("acme", "a", (key,)))
    assert (verdict is Verdict.GENUINE) is is_genuine_by_library(key, request) is is_signed


def is_genuine_by_library(key: str, request: HookRequest) -> bool:
    try:
        Webhook(key).verify(request.body.decode(), dict(request.headers))
    except (WebhookVerificationError, ValueError):  # the latter for a version without a comma
        return False
    return True


def test_a_secret_that_is_no_key_is_named_by_its_number() -> None:
    assert check_keys(SOURCE) == ""
    assert check_keys(SOURCE._replace(secrets=(configured("a"), "whsec_ä"))).startswith("secret 2 is no signing secret")
    assert read_key("whsec_") == b""
