"""Help Scout: samples of events."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

CONVERSATION = {
    "id": 1_900,
    "number": 12,
    "type": "email",
    "status": "active",
    "subject": "Where is it?",
    "createdBy": {"id": 77, "type": "customer", "email": "ada@example.org"},
    "primaryCustomer": {"id": 77, "type": "customer", "email": "ada@example.org"},
    "assignee": {"id": 5, "email": "kim@shop.example.org"},
    "createdAt": "2026-12-01T03:00:00Z",
    "userUpdatedAt": "2026-12-01T04:00:00Z",
    "_embedded": {
        "threads": [
            {"id": 3, "type": "note", "body": "Internal", "createdBy": {"email": "kim@shop.example.org"}},
            {"id": 2, "type": "message", "body": "<p>Soon.</p>", "createdBy": {"email": "kim@shop.example.org"}},
            {"id": 1, "type": "customer", "body": "<div>Hello</div>", "createdBy": {"email": "ada@example.org"}},
        ]
    },
}
PERSON = {"email": "ada@example.org", "ids": {"helpscout": 77}}
RATING = {
    "id": 29,
    "customer": {"id": 77, "emails": [{"value": "ada@example.org"}]},
    "ticketId": 1_900,
    "rating": "Great",
    "comments": "Quick.",
    "createdAt": "2026-12-01T03:00:00Z",
    "modifiedAt": "2026-12-01T04:00:00Z",
}
CUSTOMER = {
    "id": 77,
    "firstName": "Ada",
    "_embedded": {"emails": [{"value": "ada@example.org"}], "phones": [{"value": "+4930901820"}]},
    "createdAt": "2026-12-01T04:00:00Z",
}


def sample(name: str, event: str, payload: object, channel: str = "", **fields: object) -> Sample:
    object_id = payload.get("id") if isinstance(payload, dict) else None
    common = {"event_id": f"helpscout:{event}:{object_id}:1796097600000", "occurred_at": 1_796_097_600_000}
    touches = [Collected(channel, {**common, **fields})] if channel else []
    return Sample(name, payload, touches, {"x-helpscout-event": event})


def message(name: str, event: str, kind: str, text: str, payload: dict[str, object], **fields: object) -> Sample:
    touch = {"type": kind, "network": "helpscout", "conversation_id": 1_900, "text": text, **PERSON, **fields}
    return sample(name, event, payload, "messages", **touch, properties={"subject": "Where is it?"})


def rated(word: str, score: int) -> Sample:
    fields = {"score": score, "scale": 3, "text": "Quick.", "survey": "csat", "ticket_id": 1_900, **PERSON}
    return sample(
        f"rated {word}", "satisfaction.ratings", {**RATING, "rating": word}, "feedback", type="given", **fields
    )


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, x_helpscout_signature=hmac_base64(secret, request.body, "sha1"))


AGENT = {"agent": "kim@shop.example.org"}

WEBHOOKS = Webhooks(
    sign,
    (
        message("a conversation", "convo.created", "received", "Hello", CONVERSATION),
        message(
            "a conversation that an agent began",
            "convo.created",
            "sent",
            "Soon.",
            {**CONVERSATION, "createdBy": {"type": "user"}},
            **AGENT,
        ),
        message("a customer's answer", "convo.customer.reply.created", "received", "Hello", CONVERSATION),
        message("an agent's answer", "convo.agent.reply.created", "sent", "Soon.", CONVERSATION, **AGENT),
        sample(
            "a closed conversation",
            "convo.status",
            {**CONVERSATION, "status": "closed"},
            "tickets",
            type="closed",
            ticket_id=1_900,
            subject="Where is it?",
            **AGENT,
            **PERSON,
        ),
        sample("a pending conversation", "convo.status", {**CONVERSATION, "status": "pending"}),
        rated("Great", 3),
        rated("okay", 2),
        rated("Bad", 1),
        sample(
            "a customer",
            "customer.created",
            CUSTOMER,
            "visits",
            type="identify",
            **PERSON,
            phone="+4930901820",
            properties={"traits": {"first_name": "Ada"}},
        ),
        sample("another event", "convo.assigned", CONVERSATION),
        Sample("no event", CONVERSATION, Unmappable("the header X-HelpScout-Event is missing")),
        Sample(
            "no time",
            {"id": 1},
            Unmappable("the object lacks its id, or a time such as userUpdatedAt"),
            {"x-helpscout-event": "convo.created"},
        ),
    ),
)
