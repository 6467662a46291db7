"""Postmark: samples of its records."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import basic
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

MESSAGE = "00000000-0000-0000-0000-0000deadbeef"
TIME = "2026-11-30T10:31:40Z"
TIME_MS = 1_796_034_700_000
OPENED = {"UserAgent": "Thunderbird", "Geo": {"IP": "198.51.100.7"}}
READ = {"user_agent": "Thunderbird", "ip": "198.51.100.7"}
LINK = "https://shop.example.org/spring"


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, authorization=basic(secret))


def sample(name: str, record: dict[str, object], kind: str = "", **fields: object) -> Sample:
    payload = {"MessageID": MESSAGE, "Recipient": "ada@example.org", "Tag": "welcome", **record}
    event_id = f"{kind}:{MESSAGE}:ada@example.org:{TIME_MS}:{fields.get('link_url', '')}"
    touch = {
        "event_id": event_id,
        "type": kind,
        "occurred_at": TIME_MS,
        "direction": "outbound",
        "email": "ada@example.org",
        "message_id": MESSAGE,
        "campaign": "welcome",
        **fields,
    }
    return Sample(name, payload, [Collected("emails", touch)] if kind else [])


WEBHOOKS = Webhooks(
    sign,
    (
        sample("delivery", {"RecordType": "Delivery", "DeliveredAt": TIME}, "delivered"),
        sample("open", {"RecordType": "Open", "ReceivedAt": TIME, **OPENED}, "opened", **READ),
        sample("click", {"RecordType": "Click", "ReceivedAt": TIME, "OriginalLink": LINK}, "clicked", link_url=LINK),
        sample(
            "a hard bounce",
            {"RecordType": "Bounce", "BouncedAt": TIME, "Type": "HardBounce", "Description": "no such user", "ID": 4},
            "bounced",
            properties={"reason": "no such user", "bounce_type": "HardBounce"},
        ),
        sample("a delay", {"RecordType": "Bounce", "BouncedAt": TIME, "Type": "Transient"}),
        sample("a failure of a name server", {"RecordType": "Bounce", "BouncedAt": TIME, "Type": "DnsError"}),
        sample(
            "an unsubscription by mail",
            {"RecordType": "Bounce", "BouncedAt": TIME, "Type": "Unsubscribe"},
            "unsubscribed",
            properties={"bounce_type": "Unsubscribe"},
        ),
        sample("a complaint", {"RecordType": "SpamComplaint", "BouncedAt": TIME}, "complained"),
        sample(
            "an unsubscription",
            {
                "RecordType": "SubscriptionChange",
                "ChangedAt": TIME,
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
            },
            "unsubscribed",
        ),
        sample("a new subscription", {"RecordType": "SubscriptionChange", "ChangedAt": TIME, "SuppressSending": False}),
        Sample(
            "a customer's mail",
            {
                "FromFull": {"Email": "ada@example.org", "Name": "Ada"},
                "MessageID": MESSAGE,
                "Subject": "Hello",
                "Date": "Mon, 30 Nov 2026 10:31:40 +0000",
                "TextBody": "not kept",
            },
            [
                Collected(
                    "emails",
                    {
                        "event_id": f"received:{MESSAGE}",
                        "type": "received",
                        "occurred_at": TIME_MS,
                        "direction": "inbound",
                        "email": "ada@example.org",
                        "message_id": MESSAGE,
                        "subject": "Hello",
                    },
                )
            ],
        ),
        Sample("an unknown record", {"RecordType": "X"}, Unmappable("a record of an unknown RecordType")),
    ),
    covers_body=False,
)
