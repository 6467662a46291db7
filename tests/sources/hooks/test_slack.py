"""Slack: setting up, apart from what holds for every adapter."""

import pytest

from sources.hooks.provider import HookAnswer
from sources.hooks.slack import challenge
from tests.sources.hooks.samples.slack import sign
from tests.sources.hooks.webhooks import NOW_MS, SECRET, Sample, request_of, source_of

SAMPLE = Sample("", {"type": "url_verification", "challenge": "3eZbrw1aB"}, [])


def test_a_signed_challenge_is_echoed_as_text() -> None:
    request = sign(request_of("slack", SAMPLE), SECRET)
    assert challenge(request, source_of("slack", SAMPLE)) == HookAnswer(200, b"3eZbrw1aB", "text/plain; charset=utf-8")


@pytest.mark.parametrize("secret", ["other", ""])
def test_a_forged_challenge_is_not_echoed(secret: str) -> None:
    assert challenge(sign(request_of("slack", SAMPLE), secret), source_of("slack", SAMPLE)) is None


def test_an_old_challenge_is_not_echoed() -> None:
    request = sign(request_of("slack", SAMPLE), SECRET)._replace(received_at_ms=NOW_MS + 301_000)
    assert challenge(request, source_of("slack", SAMPLE)) is None


def test_an_event_is_no_challenge() -> None:
    sample = SAMPLE._replace(payload={"type": "event_callback", "challenge": "x"})
    assert challenge(sign(request_of("slack", sample), SECRET), source_of("slack", sample)) is None
