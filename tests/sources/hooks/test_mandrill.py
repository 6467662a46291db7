"""Mandrill: the test of an address, apart from what holds for every adapter."""

import pytest

from sources.hooks.mandrill import challenge
from sources.hooks.provider import HookAnswer
from tests.sources.hooks.samples.mandrill import event, form
from tests.sources.hooks.webhooks import Sample, request_of, source_of


@pytest.mark.parametrize(
    ("method", "payload", "answer"),
    [
        ("HEAD", b"", HookAnswer(200)),
        ("POST", form(), HookAnswer(200)),
        ("POST", b"", None),
        ("POST", form(event("open")), None),
    ],
)
def test_the_test_of_an_address_is_answered(method: str, payload: object, answer: HookAnswer | None) -> None:
    sample = Sample("", payload, [])
    request = request_of("mandrill", sample)._replace(method=method)
    assert challenge(request, source_of("mandrill", sample)) == answer
