"""Mailjet: samples of its events."""

from sources.collected import Collected
from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.postmark import sign
from tests.sources.hooks.webhooks import Sample, Webhooks

LINK = "https://shop.example.org/spring"
MESSAGE = 19_421_777_835_146_490  # not exact as a binary fraction


def event(name: str, **fields: object) -> dict[str, object]:
    return {"event": name, "time": 1_796_034_700, "MessageID": MESSAGE, "email": "ada@example.org", **fields}


def touch(kind: str, **fields: object) -> Collected:
    touch = {
        "event_id": f"{kind}:{MESSAGE}:ada@example.org:1796034700000:{fields.get('link_url', '')}",
        "type": kind,
        "occurred_at": 1_796_034_700_000,
        "direction": "outbound",
        "email": "ada@example.org",
        "message_id": str(MESSAGE),
    }
    return Collected("emails", {**touch, **fields})


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a delivery", event("sent", customcampaign="spring"), [touch("delivered", campaign="spring")]),
        Sample(
            "events together",
            [
                event("open", ip="198.51.100.7", agent="Thunderbird"),
                event("click", url=LINK),
                event("blocked"),
                event("spam"),
                event("unsub"),
            ],
            [
                touch("opened", ip="198.51.100.7", user_agent="Thunderbird"),
                touch("clicked", link_url=LINK),
                touch("bounced"),
                touch("complained"),
                touch("unsubscribed"),
            ],
        ),
        Sample(
            "a bounce", event("bounce", error="user unknown"), [touch("bounced", properties={"reason": "user unknown"})]
        ),
        Sample("a delay", event("bounce", error="greylisted"), []),
        Sample("an unknown event", event("x"), Unmappable("an event of an unknown kind")),
    ),
    covers_body=False,
)
