"""SES: recipients, apart from what holds for every adapter."""

import json

import pytest

from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.ses import ENVELOPE, MAIL, OPTIONS, TIME
from tests.sources.hooks.webhooks import map_payload


def recipients(destination: object) -> list[object] | str:
    event = {"eventType": "Send", "mail": {**MAIL, "timestamp": TIME, "destination": destination}}
    found = map_payload("ses", {**ENVELOPE, "Message": json.dumps(event)}, OPTIONS)
    return found.detail if isinstance(found, Unmappable) else [touch["email"] for _, touch in found]


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        (["a@example.org", "b@example.org"], ["a@example.org", "b@example.org"]),
        (["a@example.org", "a@example.org", 5, ""], ["a@example.org"]),
        (["Ada <a@example.org>"], ["Ada <a@example.org>"]),
        ([], "an event that means sent lacks its id, time or recipient"),
        ("a@example.org", "an event that means sent lacks its id, time or recipient"),
    ],
)
def test_each_recipient_has_a_touch(destination: object, expected: object) -> None:
    assert recipients(destination) == expected


def test_a_message_that_is_no_json_is_kept() -> None:
    assert isinstance(map_payload("ses", {**ENVELOPE, "Message": "{"}, OPTIONS), Unmappable)
