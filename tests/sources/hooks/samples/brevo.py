"""Brevo: samples of its events."""

from sources.collected import Collected
from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.postmark import sign
from tests.sources.hooks.webhooks import Sample, Webhooks

LINK = "https://shop.example.org/spring"
MESSAGE = "<202611301031.4711@smtp.example.org>"


def event(name: str, **fields: object) -> dict[str, object]:
    return {
        "event": name,
        "email": "ada@example.org",
        "id": 99,  # of the webhook
        "date": "2026-11-30 11:31:40",  # in the account's zone
        "ts": 1_796_038_300,
        "ts_epoch": 1_796_034_700_125,
        "message-id": MESSAGE,
        "subject": "Your order",
        "ip": "203.0.113.9",
        **fields,
    }


def touch(kind: str, **fields: object) -> Collected:
    touch = {
        "event_id": f"{kind}:{MESSAGE}:ada@example.org:1796034700125:{fields.get('link_url', '')}",
        "type": kind,
        "occurred_at": 1_796_034_700_125,
        "direction": "outbound",
        "email": "ada@example.org",
        "message_id": MESSAGE,
        "subject": "Your order",
    }
    return Collected("emails", {**touch, **fields})


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a delivery", event("delivered", tags=["spring"]), [touch("delivered", campaign="spring")]),
        Sample(
            "the first open, which comes twice",
            [event("opened"), event("unique_opened")],
            [touch("opened", ip="203.0.113.9")] * 2,
        ),
        Sample(
            "opens by a proxy",
            [event("proxy_open"), event("unique_proxy_open")],
            [
                touch("opened", ip="203.0.113.9", properties={"event": name})
                for name in ("proxy_open", "unique_proxy_open")
            ],
        ),
        Sample("a click", event("click", link=LINK), [touch("clicked", link_url=LINK, ip="203.0.113.9")]),
        Sample(
            "bounces",
            [event("hard_bounce", reason="no such user"), event("soft_bounce"), event("invalid_email")],
            [touch("bounced", properties={"reason": "no such user"}), touch("bounced"), touch("bounced")],
        ),
        Sample("a complaint", event("spam"), [touch("complained")]),
        Sample("an unsubscription", event("unsubscribe"), [touch("unsubscribed")]),
        Sample("events that are none", [event("request"), event("deferred")], []),
        Sample("an unknown event", event("x"), Unmappable("an event of an unknown kind")),
    ),
    covers_body=False,
)
