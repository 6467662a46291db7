"""Bodies that the administrator of a help desk writes."""

from typing import Any

import pytest

from schemas.channels import CHANNELS
from sources.collected import Collected
from sources.hooks.provider import Unmappable
from sources.hooks.ticket_template import score_of, touch_of_template
from tests.sources.hooks.webhooks import encode_json

FIELDS = {
    "event": "opened",
    "ticket_id": 7,
    "occurred_at": "2026-12-01T04:00:00Z",
    "email": "ada@example.org",
    "phone": "+4930901820",
    "customer_id": "C-1001",
    "requester_id": 99,
    "subject": "Where is it?",
    "priority": "high",
    "queue": "returns",
    "agent": "kim",
    "text": "<p>Hello</p>",
    "score": "Good, I'm satisfied",
}
PERSON = {"email": "ada@example.org", "phone": "+4930901820", "customer_id": "C-1001", "ids": {"desk": 99}}
TICKET = {"ticket_id": 7, "subject": "Where is it?", "priority": "high", "queue": "returns", "agent": "kim"}


@pytest.mark.parametrize(
    ("event", "channel", "fields"),
    [
        *(
            (kind, "tickets", {"type": kind, **TICKET})
            for kind in ("opened", "replied", "solved", "reopened", "closed")
        ),
        (
            "received",
            "messages",
            {"type": "received", "network": "desk", "conversation_id": 7, "agent": "kim", "text": "Hello"},
        ),
        (
            "sent",
            "messages",
            {"type": "sent", "network": "desk", "conversation_id": 7, "agent": "kim", "text": "Hello"},
        ),
        (
            "rated",
            "feedback",
            {"type": "given", "ticket_id": 7, "score": 1.0, "scale": 1.0, "text": "Hello", "survey": "csat"},
        ),
    ],
)
def test_events(event: str, channel: str, fields: dict[str, object]) -> None:
    touch = touch_of_template("desk", {**FIELDS, "event": event.title()})
    common = {"event_id": f"desk:7:{event}:1796097600000", "occurred_at": 1_796_097_600_000}
    assert touch == Collected(channel, {**common, **PERSON, **fields})
    CHANNELS[channel].model_validate_json(encode_json(touch.touch))


@pytest.mark.parametrize(
    "changed", [{"ticket_id": ""}, {"ticket_id": None}, {"occurred_at": "1 Dec"}, {"occurred_at": "2026-12-01T04:00"}]
)
def test_a_body_needs_a_ticket_and_a_time(changed: dict[str, object]) -> None:
    assert touch_of_template("desk", {**FIELDS, **changed}) == Unmappable(
        "the body lacks ticket_id, or an occurred_at in ISO 8601 with its zone"
    )


@pytest.mark.parametrize("event", ["", "merged", None, 5])
def test_other_events_are_not_mapped(event: object) -> None:
    assert isinstance(touch_of_template("desk", {**FIELDS, "event": event}), Unmappable)


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("good", (1.0, 1.0)),
        ("Bad", (0.0, 1.0)),
        ("5", (5.0, None)),
        (4, (4.0, None)),
        (4.5, (4.5, None)),
        (-1, (None, None)),
        (True, (None, None)),
        ("offered", (None, None)),
        (None, (None, None)),
    ],
)
def test_scores(value: Any, score: tuple[float | None, float | None]) -> None:
    assert score_of(value) == score
