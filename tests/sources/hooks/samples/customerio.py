"""Customer.io: samples of its reporting webhooks."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_hex
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

LINK = "https://shop.example.org/spring"
PERSON = {
    "customer_id": "C-1001",
    "identifiers": {"id": "C-1001", "email": "ada@example.org", "cio_id": "d9c106000001"},
}
KNOWN = {
    "event_id": "01E4C4CT6YDC7Y5M7FE1GWWPQJ",
    "occurred_at": 1_796_034_700_000,
    "customer_id": "C-1001",
    "ids": {"customerio": "d9c106000001"},
}


def sign(request: HookRequest, secret: str) -> HookRequest:
    time = str(request.received_at_ms // 1_000)
    return with_headers(
        request, x_cio_timestamp=time, x_cio_signature=hmac_hex(secret, f"v0:{time}:".encode() + request.body)
    )


def sample(name: str, kind: str, metric: str, data: dict[str, object], touch: Collected | None = None) -> Sample:
    payload = {
        "event_id": "01E4C4CT6YDC7Y5M7FE1GWWPQJ",
        "object_type": kind,
        "metric": metric,
        "timestamp": 1_796_034_700,
        "data": {**PERSON, "delivery_id": "RPILAgUBcRhIBqSp7kiieIG3", **data},
    }
    return Sample(name, payload, [touch] if touch else [])


def mail(kind: str, **fields: object) -> Collected:
    touch = {
        **KNOWN,
        "type": kind,
        "direction": "outbound",
        "email": "ada@example.org",
        "message_id": "RPILAgUBcRhIBqSp7kiieIG3",
        "subject": "Hello",
    }
    return Collected("emails", {**touch, **fields})


def message(kind: str, network: str, **fields: object) -> Collected:
    return Collected("messages", {**KNOWN, "type": kind, "network": network, **fields})


TO = {"recipient": "ada@example.org", "subject": "Hello"}
SMS = {"recipient": "+4930901820"}
WEBHOOKS = Webhooks(
    sign,
    (
        sample("sent", "email", "sent", TO, mail("sent")),
        sample(
            "a delivery", "email", "delivered", {**TO, "campaign_name": "spring"}, mail("delivered", campaign="spring")
        ),
        sample(
            "an open by a machine",
            "email",
            "opened",
            {**TO, "prefetched": True},
            mail("opened", properties={"prefetched": True}),
        ),
        sample("the open again, as a person's", "email", "human_opened", TO),
        sample("a click", "email", "clicked", {**TO, "href": LINK}, mail("clicked", link_url=LINK)),
        sample(
            "a bounce",
            "email",
            "bounced",
            {**TO, "failure_message": "no such user"},
            mail("bounced", properties={"reason": "no such user"}),
        ),
        sample("a complaint", "email", "spammed", TO, mail("complained")),
        sample("an unsubscription by mail", "email", "unsubscribed", TO, mail("unsubscribed")),
        sample("a text message", "sms", "delivered", SMS, message("delivered", "sms", phone="+4930901820")),
        sample("a notification", "push", "opened", {"recipients": [{"device_id": "d"}]}, message("read", "push")),
        sample("a message that failed", "sms", "failed", SMS, message("failed", "sms", phone="+4930901820")),
        sample(
            "a withdrawn consent",
            "customer",
            "unsubscribed",
            {"email_address": "ada@example.org"},
            Collected("consents", {**KNOWN, "type": "withdrawn", "purpose": "marketing", "email": "ada@example.org"}),
        ),
        sample("a draft", "email", "drafted", TO),
        sample("a call of another webhook", "webhook", "sent", {}),
        Sample("another body", {"metric": "sent"}, Unmappable("an event lacks its object_type or metric")),
        Sample(
            "a message without its time",
            {"event_id": "1", "object_type": "sms", "metric": "sent", "data": PERSON},
            Unmappable("an event lacks its event_id, timestamp or customer"),
        ),
    ),
)
