"""WhatsApp: samples of messages and of their states."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_hex
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

MESSAGE = {
    "id": "wamid.A1",
    "from": "4930901820",
    "timestamp": "1796099000",
    "type": "text",
    "text": {"body": "Is it in stock?"},
}
RECEIVED = {
    "event_id": "wamid.A1",
    "type": "received",
    "occurred_at": 1_796_099_000_000,
    "network": "whatsapp",
    "phone": "+4930901820",
    "text": "Is it in stock?",
    "properties": {"message_type": "text", "traits": {"name": "Ada"}},
}


def payload(*values: dict[str, object]) -> dict[str, object]:
    changes = [{"field": "messages", "value": {"messaging_product": "whatsapp", **value}} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "WABA", "changes": changes}]}


def message(**fields: object) -> dict[str, object]:
    contacts = [{"wa_id": "4930901820", "profile": {"name": "Ada"}}]
    return {"contacts": contacts, "messages": [{**MESSAGE, **fields}]}


def status(kind: str, **fields: object) -> dict[str, object]:
    return {
        "statuses": [
            {"id": "wamid.B2", "status": kind, "timestamp": "1796099100", "recipient_id": "4930901820", **fields}
        ]
    }


def state(kind: str, **properties: str) -> Collected:
    return Collected(
        "messages",
        {
            "event_id": f"wamid.B2:{kind}",
            "type": kind,
            "occurred_at": 1_796_099_100_000,
            "network": "whatsapp",
            "phone": "+4930901820",
            "properties": {"message_id": "wamid.B2", **properties},
        },
    )


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, x_hub_signature_256="sha256=" + hmac_hex(secret, request.body))


def answered(kind: str, answer: dict[str, object], text: str) -> Sample:
    touch = {**RECEIVED, "text": text, "properties": {"message_type": kind, "traits": {"name": "Ada"}}}
    return Sample(
        f"a message of type {kind}",
        payload(message(type=kind, text=None, **{kind: answer})),
        [Collected("messages", touch)],
    )


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a message", payload(message()), [Collected("messages", RECEIVED)]),
        answered("button", {"text": "Yes"}, "Yes"),
        answered("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Later"}}, "Later"),
        answered("image", {"id": "media-1", "caption": "Look"}, "Look"),
        *(
            Sample(f"a message that was {kind}", payload(status(kind)), [state(kind)])
            for kind in ("sent", "delivered", "read")
        ),
        Sample(
            "a message that failed",
            payload(status("failed", errors=[{"code": 131026, "title": "Undeliverable"}])),
            [state("failed", error="Undeliverable")],
        ),
        Sample(
            "several at once",
            payload(message(), status("sent"), status("read")),
            [Collected("messages", RECEIVED), state("sent"), state("read")],
        ),
        Sample("a state that is none", payload(status("deleted")), []),
        Sample("another field", {"entry": [{"changes": [{"field": "account_update", "value": {}}]}]}, []),
        Sample(
            "no time",
            payload(message(timestamp="soon")),
            Unmappable("a message lacks its id, timestamp or from"),
        ),
        Sample(
            "no recipient",
            payload(status("sent", recipient_id="")),
            Unmappable("a status lacks its id, timestamp or recipient_id"),
        ),
    ),
)
