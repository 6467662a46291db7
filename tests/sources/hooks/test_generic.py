"""The generic adapter: its signatures and the check of its options."""

import pytest

from sources.hooks.generic import check, verify
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from tests.sources.hooks.signing import hmac_base64, hmac_hex

BODY = b'{"a": 1}'


@pytest.mark.parametrize(
    ("options", "signature"),
    [
        ({}, hmac_hex("key", BODY)),
        ({"encoding": "base64"}, hmac_base64("key", BODY)),
        ({"algorithm": "sha1", "prefix": "sha1="}, "sha1=" + hmac_hex("key", BODY, "sha1")),
    ],
)
def test_an_hmac_of_the_body(options: dict[str, str], signature: str) -> None:
    source = HookSource("generic", "a", ("old", "key"), {"signature_header": "X-Sign", **options})
    request = HookRequest("POST", "", {}, {"x-sign": signature}, BODY, 0)
    assert verify(request, source) is Verdict.GENUINE
    assert verify(request._replace(body=BODY + b" "), source) is Verdict.FORGED
    assert verify(request._replace(headers={}), source) is Verdict.FORGED


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"mapping": "cdr"}, ""),
        ({}, "line 1: mapping: name a file"),
        ({"mapping": "cdr", "algorithm": "md5"}, "algorithm: use one of sha256, sha1"),
        ({"mapping": "cdr", "encoding": "hexa"}, "encoding: use one of hex, base64"),
    ],
)
def test_options_are_checked(options: dict[str, str], wrong: str) -> None:
    found = check(HookSource("generic", "a", ("s",), options))
    assert found.startswith(wrong)
    assert bool(found) == bool(wrong)
