"""Mandrill: samples of its forms."""

import json

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

LINK = "https://shop.example.org/spring?a=1&b=2"


def sign(request: HookRequest, secret: str) -> HookRequest:
    fields = sorted(request.form_fields())
    text = request.url + "".join(name + value for name, value in fields)
    return with_headers(request, x_mandrill_signature=hmac_base64(secret, text.encode(), "sha1"))


def event(name: str, **fields: object) -> dict[str, object]:
    mail = {"email": "ada@example.org", "subject": "Your order", "_id": "abc123"}
    return {"event": name, "_id": "abc123", "ts": 1_796_099_900, "msg": mail, **fields}


def touch(name: str, kind: str, **fields: object) -> Collected:
    touch = {
        "event_id": f"{name}:abc123::1796099900000:{fields.get('link_url', '')}",
        "type": kind,
        "occurred_at": 1_796_099_900_000,
        "direction": "outbound",
        "email": "ada@example.org",
        "message_id": "abc123",
        "subject": "Your order",
    }
    return Collected("emails", {**touch, **fields})


def form(*events: object) -> list[tuple[str, str]]:
    return [("mandrill_events", json.dumps(events))]


INBOUND = {"from_email": "ada@example.org", "subject": "Hello", "headers": {"Message-Id": "<1@example.org>"}}
WEBHOOKS = Webhooks(
    sign,
    (
        Sample(
            "events of a mail",
            form(
                event("send"),
                event("open", user_agent="Thunderbird", ip="198.51.100.7"),
                event("click", url=LINK),
                event("spam"),
                event("unsub"),
                event("deferral"),
                event("reject"),
                {"type": "blacklist", "action": "add"},
            ),
            [
                touch("send", "sent"),
                touch("open", "opened", user_agent="Thunderbird", ip="198.51.100.7"),
                touch("click", "clicked", link_url=LINK),
                touch("spam", "complained"),
                touch("unsub", "unsubscribed"),
            ],
        ),
        Sample(
            "bounces",
            form(
                event("hard_bounce", msg={"email": "ada@example.org", "bounce_description": "bad_mailbox"}),
                event("soft_bounce"),
            ),
            [
                Collected(
                    "emails",
                    {name: value for name, value in touch("hard_bounce", "bounced").touch.items() if name != "subject"}
                    | {"properties": {"reason": "bad_mailbox"}},
                ),
                touch("soft_bounce", "bounced"),
            ],
        ),
        Sample(
            "a customer's mail",
            form(event("inbound", msg=INBOUND)),
            [
                touch(
                    "inbound",
                    "received",
                    event_id="inbound:<1@example.org>:ada@example.org:1796099900000:",
                    direction="inbound",
                    message_id="<1@example.org>",
                    subject="Hello",
                )
            ],
        ),
        Sample("an unknown event", form(event("x")), Unmappable("an event of an unknown kind")),
        Sample("another form", [("a", "b")], Unmappable("the body is no JSON")),
    ),
)
