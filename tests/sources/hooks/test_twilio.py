"""Twilio's signatures in all their forms, apart from what holds for every adapter."""

from hashlib import sha256

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.twilio import verify
from tests.sources.hooks.samples.twilio import CALL, sign
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import SECRET, body_of, with_headers

URL = "https://collect.example.org/v1/hooks/twilio/main"
SOURCE = HookSource("twilio", "main", (SECRET,))
SETTINGS = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"


def form(url: str = URL, body: bytes | None = None) -> HookRequest:
    return HookRequest("POST", url, {}, {}, body_of(list(CALL.items())) if body is None else body, 0)


@pytest.mark.parametrize(
    ("settings", "algorithm", "verdict"),
    [
        (SETTINGS, "sha256", Verdict.GENUINE),
        (SETTINGS, "sha1", Verdict.FORGED),
        ("algorithm=hmac_sha256", "sha256", Verdict.GENUINE),
        ("key=webhooks_sharedkey_1", "sha1", Verdict.GENUINE),
        ("algorithm=", "sha1", Verdict.GENUINE),
        ("", "sha1", Verdict.GENUINE),
        ("", "sha256", Verdict.FORGED),
        ("algorithm=HMAC_MD5", "md5", Verdict.FORGED),
        ("algorithm=none", "sha1", Verdict.FORGED),
    ],
)
def test_the_header_names_the_algorithm(settings: str, algorithm: str, verdict: Verdict) -> None:
    request = with_headers(sign(form(), SECRET, algorithm), x_twilio_webhooks_signature_settings=settings)
    assert verify(request, SOURCE) is verdict


@pytest.mark.parametrize(
    ("configured", "signed"),
    [
        ("https://a.example.org/h", "https://a.example.org:443/h"),
        ("https://a.example.org:443/h", "https://a.example.org/h"),
        ("https://a.example.org:8443/h", "https://a.example.org/h"),
        ("http://a.example.org/h?x=1", "http://a.example.org:80/h?x=1"),
    ],
)
def test_the_port_may_be_signed_or_not(configured: str, signed: str) -> None:
    request = sign(form(signed), SECRET)._replace(url=configured)
    assert verify(request, SOURCE) is Verdict.GENUINE
    assert verify(request._replace(url=configured + "x"), SOURCE) is Verdict.FORGED


def test_a_field_that_is_repeated_is_signed_once() -> None:
    body = b"b=2&a=1&b=2&b=1"
    signature = hmac_base64(SECRET, f"{URL}a1b1b2".encode(), "sha1")
    assert verify(with_headers(form(body=body), x_twilio_signature=signature), SOURCE) is Verdict.GENUINE


@pytest.mark.parametrize(("changed", "verdict"), [(b"", Verdict.GENUINE), (b" ", Verdict.FORGED)])
def test_a_json_body_is_signed_by_its_hash_in_the_url(changed: bytes, verdict: Verdict) -> None:
    body = b'{"a": 1}'
    digest = sha256(body).hexdigest()
    url = f"{URL}?bodySHA256={digest}"
    request = HookRequest("POST", url, {"bodySHA256": digest}, {}, body + changed, 0)
    signature = hmac_base64(SECRET, url.encode(), "sha1")
    assert verify(with_headers(request, x_twilio_signature=signature), SOURCE) is verdict


def test_the_url_is_signed() -> None:
    request = sign(form(), SECRET)._replace(url="https://collect.example.org/v1/hooks/twilio/other")
    assert verify(request, SOURCE) is Verdict.FORGED
