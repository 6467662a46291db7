"""Mailgun: samples of events, signed in the body."""

import json

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.mailgun import TOLERANCE_S
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_hex
from tests.sources.hooks.webhooks import Sample, Webhooks

EVENT = {
    "id": "CPgfbmQMTCKtHW6uIWtuVe",
    "timestamp": 1_796_099_900.25,
    "recipient": "ada@example.org",
    "message": {"headers": {"message-id": "4711@shop.example.org", "subject": "Your order"}},
}
TOUCH = {
    "event_id": "CPgfbmQMTCKtHW6uIWtuVe",
    "occurred_at": 1_796_099_900_250,
    "direction": "outbound",
    "email": "ada@example.org",
    "message_id": "4711@shop.example.org",
    "subject": "Your order",
}


def sign(request: HookRequest, secret: str) -> HookRequest:
    """Return the request with a signature in its body; a body that is no object stays as it is."""
    time, token = str(request.received_at_ms // 1_000), "50-characters-that-are-random"
    signed = {"timestamp": time, "token": token, "signature": hmac_hex(secret, f"{time}{token}".encode())}
    payload = json.loads(request.body)
    if not isinstance(payload, dict):
        return request
    return request._replace(body=json.dumps({"signature": signed, **payload}).encode())


def sample(name: str, event: dict[str, object], *touches: dict[str, object]) -> Sample:
    payload = {"event-data": {**EVENT, **event}}
    return Sample(name, payload, [Collected("emails", {**TOUCH, **fields}) for fields in touches])


CLICK = {"url": "https://shop.example.org/spring", "ip": "198.51.100.7", "client-info": {"user-agent": "Firefox"}}
WEBHOOKS = Webhooks(
    sign,
    (
        sample("accepted", {"event": "accepted"}, {"type": "sent"}),
        sample("delivered", {"event": "delivered"}, {"type": "delivered"}),
        sample(
            "opened", {"event": "opened", "campaigns": [{"name": "spring"}]}, {"type": "opened", "campaign": "spring"}
        ),
        sample(
            "clicked",
            {"event": "clicked", **CLICK},
            {"type": "clicked", "link_url": CLICK["url"], "ip": CLICK["ip"], "user_agent": "Firefox"},
        ),
        sample(
            "a permanent failure",
            {"event": "failed", "severity": "permanent", "reason": "bounce", "delivery-status": {"description": "no"}},
            {"type": "bounced", "properties": {"reason": "bounce", "status": "no"}},
        ),
        sample("a temporary failure", {"event": "failed", "severity": "temporary"}),
        sample(
            "an open by a proxy",
            {"event": "opened", "client-info": {"bot": "apple"}},
            {"type": "opened", "properties": {"client-info": {"bot": "apple"}}},
        ),
        sample("complained", {"event": "complained"}, {"type": "complained"}),
        sample("unsubscribed", {"event": "unsubscribed"}, {"type": "unsubscribed"}),
        sample("a mail to a mailbox of one's own", {"event": "delivered", "flags": {"is-routed": True}}),
        sample("stored", {"event": "stored"}),
        Sample(
            "an unknown event", {"event-data": {"event": "x"}}, Unmappable("event-data.event is none that is known")
        ),
    ),
    covers_body=False,
    tolerance_s=TOLERANCE_S,
)
