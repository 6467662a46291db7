"""Freshdesk: samples of automation rules."""

from base64 import b64encode

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

TEMPLATE = {
    "event": "opened",
    "ticket_id": 11,
    "occurred_at": "2026-12-01T04:00:00Z",
    "email": "ada@example.org",
    "subject": "Where is it?",
    "priority": "High",
}
PICKED = {
    "ticket_id": 11,
    "ticket_subject": "Where is it?",
    "ticket_priority": "High",
    "ticket_contact_email": "ada@example.org",
}
TOUCH = Collected(
    "tickets",
    {
        "event_id": "freshdesk:11:opened:1796097600000",
        "type": "opened",
        "occurred_at": 1_796_097_600_000,
        "email": "ada@example.org",
        "ticket_id": 11,
        "subject": "Where is it?",
        "priority": "High",
    },
)


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, authorization="Basic " + b64encode(secret.encode()).decode())


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("the template", TEMPLATE, [TOUCH]),
        Sample(
            "picked placeholders",
            {"event": "opened", "occurred_at": "2026-12-01T05:00:00+01:00", "freshdesk_webhook": PICKED},
            [TOUCH],
        ),
        Sample(
            "a rating",
            {**TEMPLATE, "event": "rated", "score": 4, "scale": 5},
            [
                Collected(
                    "feedback",
                    {
                        "event_id": "freshdesk:11:rated:1796097600000",
                        "type": "given",
                        "occurred_at": 1_796_097_600_000,
                        "email": "ada@example.org",
                        "ticket_id": 11,
                        "score": 4.0,
                        "scale": 5.0,
                        "survey": "csat",
                    },
                )
            ],
        ),
        Sample(
            "placeholders alone",
            {"freshdesk_webhook": PICKED},
            Unmappable("the field event is none of the template's; compare the body with docs/guides/webhooks.md"),
        ),
    ),
    covers_body=False,
)
