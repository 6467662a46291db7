"""Resend: samples of its events, signed as Svix does."""

from base64 import b64encode

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

MAIL = "56761188-7520-42d8-8898-ff6fc54ce618"
LINK = "https://shop.example.org/spring"


def sign(request: HookRequest, secret: str, names: str = "svix") -> HookRequest:
    time = str(request.received_at_ms // 1_000)
    text = f"{request.headers[f'{names}-id']}.{time}.".encode() + request.body
    signature = f"v1,{hmac_base64(secret, text)}"
    return with_headers(request, **{f"{names}_timestamp": time, f"{names}_signature": signature})


def configured(secret: str) -> str:
    return f"whsec_{b64encode(secret.encode()).decode()}" if secret else ""


def sample(name: str, event: str, data: dict[str, object], *touches: dict[str, object]) -> Sample:
    mail = {"email_id": MAIL, "created_at": "2026-11-30T10:00:00Z", "to": ["ada@example.org"], "subject": "Hello"}
    payload = {"type": event, "created_at": "2026-11-30T10:31:40.000Z", "data": {**mail, **data}}
    collected = []
    for fields in touches:
        email = fields.get("email", "ada@example.org")
        touch = {
            "event_id": f"msg_1:{email}",
            "occurred_at": 1_796_034_700_000,
            "direction": "outbound",
            "email": email,
            "message_id": MAIL,
            "subject": "Hello",
            **fields,
        }
        collected.append(Collected("emails", touch))
    return Sample(name, payload, collected, {"svix-id": "msg_1"})


TWO = {"to": ["ada@example.org", "bea@example.org"]}
WEBHOOKS = Webhooks(
    sign,
    (
        sample("to two people", "email.sent", TWO, {"type": "sent"}, {"type": "sent", "email": "bea@example.org"}),
        sample("a delivery", "email.delivered", {}, {"type": "delivered"}),
        sample("an open", "email.opened", {}, {"type": "opened"}),
        sample("an open by one of two", "email.opened", TWO),
        sample(
            "a click",
            "email.clicked",
            {"click": {"link": LINK, "ipAddress": "198.51.100.7", "userAgent": "Firefox"}},
            {"type": "clicked", "link_url": LINK, "ip": "198.51.100.7", "user_agent": "Firefox"},
        ),
        sample(
            "a bounce",
            "email.bounced",
            {"bounce": {"message": "no such user"}},
            {"type": "bounced", "properties": {"reason": "no such user"}},
        ),
        sample("a complaint", "email.complained", {}, {"type": "complained"}),
        sample("a delay", "email.delivery_delayed", {}),
        sample("a contact of a list", "contact.created", {}),
        sample(
            "a customer's mail",
            "email.received",
            {"from": "ada@example.org", "to": ["shop@example.org"]},
            {"type": "received", "direction": "inbound"},
        ),
        sample("an unknown event", "x", {})._replace(touches=Unmappable("an event of an unknown type")),
    ),
    tolerance_s=300,
    configured=configured,
)
