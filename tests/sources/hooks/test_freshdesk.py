"""Freshdesk's names of fields, apart from what holds for every adapter."""

from tests.sources.hooks.samples.freshdesk import PICKED
from tests.sources.hooks.webhooks import map_payload


def test_fields_of_the_template_take_precedence() -> None:
    rule = {"event": "opened", "occurred_at": "2026-12-01T04:00:00Z", "email": "grace@example.org"}
    touches = map_payload("freshdesk", {**rule, "freshdesk_webhook": {**PICKED, "ticket_group_name": "returns"}})
    assert isinstance(touches, list)
    assert touches[0].touch["email"] == "grace@example.org"
    assert touches[0].touch["queue"] == "returns"
    assert touches[0].touch["subject"] == "Where is it?"
