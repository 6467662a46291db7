"""Mailgun: what is kept of a request and its token, apart from what holds for every adapter."""

import json

from sources.hooks.mailgun import token_of, without_signature
from sources.hooks.provider import HookSource
from tests.sources.hooks.webhooks import Sample, request_of


def test_the_signature_is_not_kept() -> None:
    body = b'{"signature":{"timestamp":"1","token":"t","signature" : "abc0"},"event-data":{"event":"opened"}}'
    kept = json.loads(without_signature(body))
    assert kept == {
        "signature": {"timestamp": "1", "token": "t", "signature": "[removed]"},
        "event-data": {"event": "opened"},
    }


def test_a_token_is_what_the_signature_covers_however_it_is_split() -> None:
    for time, token in [("17", "a"), ("1", "7a"), (" 17", "a ")]:
        request = request_of("mailgun", Sample("", {"signature": {"timestamp": time, "token": token}}, []))
        assert token_of(request, HookSource("mailgun", "main", ())) == "17a"
