"""Slack: samples of messages."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_hex
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

EVENT = {
    "type": "message",
    "channel": "C04SHARED",
    "user": "U07ADA",
    "user_team": "T09CUSTOMER",
    "text": "Is the new batch on its way?",
    "ts": "1796099990.123456",
}
TOUCH = {
    "event_id": "C04SHARED:1796099990.123456",
    "type": "received",
    "occurred_at": 1_796_099_990_123,
    "network": "slack",
    "conversation_id": "C04SHARED",
    "ids": {"slack": "U07ADA"},
    "text": "Is the new batch on its way?",
    "properties": {"team": "T01OURS"},
}


def payload(**event: object) -> dict[str, object]:
    return {
        "type": "event_callback",
        "team_id": "T01OURS",
        "event_id": "Ev0001",
        "event_time": 1_796_099_990,
        "event": {**EVENT, **event},
    }


def sign(request: HookRequest, secret: str) -> HookRequest:
    time = str(request.received_at_ms // 1_000)
    signature = "v0=" + hmac_hex(secret, f"v0:{time}:".encode() + request.body)
    return with_headers(request, x_slack_request_timestamp=time, x_slack_signature=signature)


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a message", payload(), [Collected("messages", TOUCH)]),
        Sample(
            "the same message as a mention", payload(type="app_mention", subtype=None), [Collected("messages", TOUCH)]
        ),
        Sample(
            "a message in a thread",
            payload(thread_ts="1796099000.000100", team="T09CUSTOMER"),
            [Collected("messages", {**TOUCH, "properties": {"team": "T09CUSTOMER", "thread": "1796099000.000100"}})],
        ),
        Sample("a colleague's message", payload(), [], options={"own_team": "T09CUSTOMER"}),
        Sample(
            "a customer's beside colleagues", payload(), [Collected("messages", TOUCH)], options={"own_team": "T01"}
        ),
        Sample("an edit", payload(subtype="message_changed"), []),
        Sample("a bot's message", payload(bot_id="B01"), []),
        Sample("another event", payload(type="reaction_added"), []),
        Sample("a rate limit", {"type": "app_rate_limited"}, []),
        Sample("no user", payload(user=None), Unmappable("a message lacks its channel, user or ts")),
    ),
    tolerance_s=300,
)
