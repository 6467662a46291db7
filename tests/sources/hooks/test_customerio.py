"""Customer.io: whose an event is, apart from what holds for every adapter."""

import pytest

from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import map_payload


@pytest.mark.parametrize(
    ("data", "identifiers"),
    [
        ({"customer_id": "C-1"}, {"customer_id": "C-1"}),
        ({"customer_id": "old", "identifiers": {"id": "C-1"}}, {"customer_id": "C-1"}),
        ({"identifiers": {"id": "C-1", "cio_id": "d9"}}, {"customer_id": "C-1", "ids": {"customerio": "d9"}}),
        ({"recipient": "+4930901820"}, {"phone": "+4930901820"}),
    ],
)
def test_the_identifiers_of_a_text_message(data: dict[str, object], identifiers: dict[str, object]) -> None:
    event = {"event_id": "e", "timestamp": 1_796_034_700, "object_type": "sms", "metric": "sent", "data": data}
    found = map_payload("customerio", event)
    assert not isinstance(found, Unmappable)
    assert {name: found[0].touch.get(name) for name in identifiers} == identifiers
