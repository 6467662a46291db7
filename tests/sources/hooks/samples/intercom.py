"""Intercom: samples of notifications."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_hex
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

ADA = {"type": "user", "id": "5f-ada", "email": "ada@example.org", "name": "Ada"}
KIM = {"type": "admin", "id": "1", "email": "kim@shop.example.org", "name": "Kim"}
CONVERSATION = {
    "type": "conversation",
    "id": "147",
    "source": {"type": "conversation", "body": "<p>Is it in stock?</p>", "author": ADA},
    "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "5f-ada", "external_id": "C-1001"}]},
    "conversation_parts": {"conversation_parts": []},
}
MESSAGE = {
    "network": "intercom",
    "conversation_id": "147",
    "customer_id": "C-1001",
    "ids": {"intercom": "5f-ada"},
}


def payload(topic: str, item: object = None, **changed: object) -> dict[str, object]:
    notification = {
        "type": "notification_event",
        "topic": topic,
        "id": "notif_1a",
        "created_at": 1_796_097_600,
        "delivery_attempts": 1,
        "data": {"type": "notification_event_data", "item": item},
    }
    return {**notification, **changed}


def touch(channel: str, **fields: object) -> list[Collected]:
    return [Collected(channel, {"event_id": "notif_1a", "occurred_at": 1_796_097_600_000, **fields})]


def part(author: dict[str, str], body: str) -> dict[str, object]:
    parts = [{"part_type": "comment", "body": "<p>Earlier</p>", "author": KIM}, {"body": body, "author": author}]
    return {**CONVERSATION, "conversation_parts": {"conversation_parts": parts}}


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, x_hub_signature="sha1=" + hmac_hex(secret, request.body, "sha1"))


RECEIVED = {"type": "received", "email": "ada@example.org", **MESSAGE}
CONTACT = {"type": "contact", **ADA, "phone": "+4930901820", "external_id": "C-1001"}
IDENTIFIED = {
    "type": "identify",
    "email": "ada@example.org",
    "phone": "+4930901820",
    "customer_id": "C-1001",
    "ids": {"intercom": "5f-ada"},
    "properties": {"traits": {"name": "Ada"}},
}


def rating(score: object) -> dict[str, object]:
    return {**CONVERSATION, "conversation_rating": {"rating": score, "remark": "Quick."}}


RATED = {
    "type": "given",
    "text": "Quick.",
    "survey": "csat",
    "ticket_id": "147",
    "customer_id": "C-1001",
    "ids": {"intercom": "5f-ada"},
}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample(
            "a conversation",
            payload("conversation.user.created", CONVERSATION),
            touch("messages", **RECEIVED, text="Is it in stock?"),
        ),
        Sample(
            "a customer's answer",
            payload("conversation.user.replied", part(ADA, "<p>Thank you</p>")),
            touch("messages", **RECEIVED, text="Thank you"),
        ),
        Sample(
            "a repeated attempt",
            payload("conversation.user.replied", part(ADA, "<p>Thank you</p>"), delivery_attempts=3),
            touch("messages", **RECEIVED, text="Thank you"),
        ),
        Sample(
            "an agent's answer",
            payload("conversation.admin.replied", part(KIM, "<p>It is.</p>")),
            touch("messages", type="sent", agent="kim@shop.example.org", text="It is.", **MESSAGE),
        ),
        Sample(
            "a rating",
            payload("conversation.rating.added", rating(4)),
            touch("feedback", **RATED, score=4, scale=5),
        ),
        Sample(
            "words without a rating",
            payload("conversation.rating.added", rating(None)),
            touch("feedback", **RATED),
        ),
        Sample("a contact", payload("contact.user.created", CONTACT), touch("visits", **IDENTIFIED)),
        Sample("setting up", payload("ping", {"type": "ping"}), []),
        Sample("another topic", payload("conversation.admin.assigned", CONVERSATION), []),
        Sample(
            "no time",
            payload("conversation.user.created", CONVERSATION, created_at=None),
            Unmappable("a notification lacks its id or created_at"),
        ),
    ),
)
