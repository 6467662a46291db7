"""Mailjet: message ids, apart from what holds for every adapter."""

from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.mailjet import MESSAGE, event
from tests.sources.hooks.webhooks import map_payload


def test_message_ids_of_64_bits_stay_exact_and_apart() -> None:
    found = map_payload("mailjet", [event("sent"), event("sent", MessageID=MESSAGE + 1)])
    assert not isinstance(found, Unmappable)
    assert [touch["message_id"] for _, touch in found] == ["19421777835146490", "19421777835146491"]
    assert found[0].touch["event_id"] != found[1].touch["event_id"]
