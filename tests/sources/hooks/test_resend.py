"""Resend: what makes events unique, apart from what holds for every adapter."""

from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.resend import WEBHOOKS
from tests.sources.hooks.webhooks import map_payload

PAYLOAD = WEBHOOKS.samples[0].payload


def test_an_event_is_identified_by_the_message_of_svix_and_the_recipient() -> None:
    found = [map_payload("resend", PAYLOAD, headers={"svix-id": one}) for one in ("a", "b")]
    ids = [touch["event_id"] for touches in found if not isinstance(touches, Unmappable) for _, touch in touches]
    assert ids == ["a:ada@example.org", "a:bea@example.org", "b:ada@example.org", "b:bea@example.org"]


def test_an_event_without_an_id_cannot_be_mapped() -> None:
    assert isinstance(map_payload("resend", PAYLOAD), Unmappable)
