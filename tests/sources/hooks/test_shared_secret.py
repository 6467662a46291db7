"""Secrets of yours in requests that nothing signs."""

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict
from sources.hooks.shared_secret import verify_secret
from tests.sources.hooks.signing import basic

SECRETS = ("user:old", "user:word", "token")


@pytest.mark.parametrize(
    ("headers", "options", "genuine"),
    [
        ({"authorization": basic("user:word")}, {}, True),
        ({"authorization": basic("user:other")}, {}, False),
        ({"authorization": "Bearer token"}, {}, True),
        ({"authorization": "bearer token "}, {}, True),
        ({"authorization": "Bearer other"}, {}, False),
        ({"authorization": "Bearer "}, {}, False),
        ({"x-key": "token"}, {}, False),
        ({"x-key": "token"}, {"header": "X-Key"}, True),
        ({"x-key": "other"}, {"header": "X-Key"}, False),
        ({"authorization": "Bearer token"}, {"header": "X-Key"}, False),
        ({}, {}, False),
    ],
)
def test_a_request_has_one_of_the_secrets(headers: dict[str, str], options: dict[str, str], genuine: bool) -> None:
    request = HookRequest("POST", "", {}, headers, b"", 0)
    verdict = verify_secret(request, HookSource("acme", "a", SECRETS, options))
    assert verdict is (Verdict.GENUINE if genuine else Verdict.FORGED)
