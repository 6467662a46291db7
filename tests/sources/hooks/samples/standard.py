"""Standard Webhooks: samples with a mapping."""

from functools import partial

from sources.collected import Collected
from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.resend import configured, sign
from tests.sources.hooks.webhooks import Sample, Webhooks

MAPPING = """
[[touch]]
channel = "messages"
[touch.fields]
type = "'received'"
network = "'chat'"
occurred_at = "timestamp"
email = "data.from"
text = "data.text"
"""
EVENT = {"timestamp": "2026-11-30T10:31:40Z", "data": {"from": "ada@example.org", "text": "Hello"}}
HEADERS, OPTIONS = {"webhook-id": "msg_2"}, {"mapping": MAPPING}
WEBHOOKS = Webhooks(
    partial(sign, names="webhook"),
    (
        Sample(
            "a message",
            EVENT,
            [
                Collected(
                    "messages",
                    {
                        "event_id": "msg_2:0",
                        "type": "received",
                        "network": "chat",
                        "occurred_at": "2026-11-30T10:31:40Z",
                        "email": "ada@example.org",
                        "text": "Hello",
                    },
                )
            ],
            HEADERS,
            OPTIONS,
        ),
        Sample(
            "a message without its time",
            {"data": EVENT["data"]},
            Unmappable("occurred_at: Field required"),
            HEADERS,
            OPTIONS,
        ),
    ),
    tolerance_s=300,
    configured=configured,
)
