"""Zendesk: samples of events and triggers."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

DETAIL = {
    "id": "35436",
    "subject": "Where is my order?",
    "priority": "HIGH",
    "status": "OPEN",
    "requester_id": "8447388090494",
    "assignee_id": "0",
    "group_id": "360001",
    "via": {"channel": "web"},
}
TICKET = {
    "ticket_id": "35436",
    "subject": "Where is my order?",
    "priority": "high",
    "queue": "360001",
    "ids": {"zendesk": "8447388090494"},
    "properties": {"channel": "web"},
}


def payload(kind: str, event: object = None, **detail: object) -> dict[str, object]:
    return {
        "type": f"zen:event-type:{kind}",
        "account_id": 1,
        "id": "01HN-E1",
        "time": "2026-12-01T04:00:00.5Z",
        "zendesk_event_version": "2022-11-06",
        "subject": "zen:ticket:35436",
        "detail": {**DETAIL, **detail},
        "event": event,
    }


def touch(channel: str, **fields: object) -> list[Collected]:
    return [Collected(channel, {"event_id": "01HN-E1", "occurred_at": 1_796_097_600_500, **fields})]


def status(former: str, current: str, touches: list[Collected]) -> Sample:
    event = {"previous": former, "current": current}
    return Sample(f"from {former} to {current}", payload("ticket.status_changed", event), touches)


def comment(by_staff: bool, is_public: bool = True) -> dict[str, object]:
    author = {"id": "77" if by_staff else "8447388090494", "is_staff": by_staff, "name": "Kim"}
    return payload(
        "ticket.comment_added", {"comment": {"body": "Thank you.", "is_public": is_public, "author": author}}
    )


MESSAGE = {
    "network": "zendesk",
    "conversation_id": "35436",
    "text": "Thank you.",
    "ids": {"zendesk": "8447388090494"},
}
USER = {"id": "8447388090494", "email": "ada@example.org", "external_id": "C-1001", "role": "end-user", "name": "Ada"}
TEMPLATE = {
    "event": "solved",
    "ticket_id": "35436",
    "occurred_at": "2026-12-01T04:00:00Z",
    "email": "ada@example.org",
    "requester_id": "8447388090494",
    "subject": "Where is my order?",
}


def sign(request: HookRequest, secret: str) -> HookRequest:
    time = "2026-12-01T04:00:01Z"
    signature = hmac_base64(secret, time.encode() + request.body)
    return with_headers(request, x_zendesk_webhook_signature_timestamp=time, x_zendesk_webhook_signature=signature)


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a ticket", payload("ticket.created"), touch("tickets", type="opened", **TICKET)),
        status("OPEN", "SOLVED", touch("tickets", type="solved", **TICKET)),
        status("SOLVED", "CLOSED", touch("tickets", type="closed", **TICKET)),
        status("SOLVED", "OPEN", touch("tickets", type="reopened", **TICKET)),
        status("OPEN", "PENDING", []),
        Sample("a customer's comment", comment(False), touch("messages", type="received", **MESSAGE)),
        Sample("an agent's comment", comment(True), touch("messages", type="sent", agent="Kim", **MESSAGE)),
        Sample("a private comment", comment(True, is_public=False), []),
        Sample(
            "a user",
            payload("user.created", **USER),
            touch(
                "visits",
                type="identify",
                email="ada@example.org",
                customer_id="C-1001",
                ids={"zendesk": "8447388090494"},
                properties={"traits": {"name": "Ada"}},
            ),
        ),
        Sample("an agent", payload("user.created", **{**USER, "role": "agent"}), []),
        Sample("another event", payload("ticket.tags_changed"), []),
        Sample(
            "a trigger",
            TEMPLATE,
            [
                Collected(
                    "tickets",
                    {
                        "event_id": "zendesk:35436:solved:1796097600000",
                        "type": "solved",
                        "occurred_at": 1_796_097_600_000,
                        "ticket_id": "35436",
                        "email": "ada@example.org",
                        "ids": {"zendesk": "8447388090494"},
                        "subject": "Where is my order?",
                    },
                )
            ],
        ),
        Sample(
            "a trigger with a body of its own",
            {"ticket": "35436"},
            Unmappable("the field event is none of the template's; compare the body with docs/guides/webhooks.md"),
        ),
        Sample("no time", {**payload("ticket.created"), "time": None}, Unmappable("an event lacks its id or time")),
    ),
)
