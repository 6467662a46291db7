"""Mailgun: what is kept of a request, apart from what holds for every adapter."""

import json

from sources.hooks.mailgun import without_signature


def test_the_signature_is_not_kept() -> None:
    body = b'{"signature":{"timestamp":"1","token":"t","signature" : "abc0"},"event-data":{"event":"opened"}}'
    kept = json.loads(without_signature(body))
    assert kept == {
        "signature": {"timestamp": "1", "token": "t", "signature": "[removed]"},
        "event-data": {"event": "opened"},
    }
