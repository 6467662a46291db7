"""Front: samples of events."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

CONVERSATION = {"id": "cnv_1", "subject": "Question", "recipient": {"handle": "ada@example.org", "role": "from"}}
MAIL = {"id": "msg_1", "type": "email", "subject": "Question about tea", "is_inbound": True}
EVENT = {
    "id": "evt_1",
    "type": "inbound",
    "emitted_at": 1_796_097_600.25,
    "conversation": CONVERSATION,
    "target": {"_meta": {"type": "message"}, "data": MAIL},
}


def event(**changed: object) -> dict[str, object]:
    return {**EVENT, **changed}


def message(kind: str, handle: str, **fields: object) -> dict[str, object]:
    data = {"id": "msg_2", "text": "Is it in stock?", "author": {"email": "kim@shop.example.org"}, **fields}
    return event(type=kind, conversation={**CONVERSATION, "recipient": {"handle": handle}}, target={"data": data})


def touch(channel: str, **fields: object) -> list[Collected]:
    return [Collected(channel, {"event_id": "evt_1", "occurred_at": 1_796_097_600_250, **fields})]


def mail(kind: str, direction: str, **changed: object) -> list[Collected]:
    fields = {"message_id": "msg_1", "subject": "Question about tea", "properties": {"conversation": "cnv_1"}}
    return touch("emails", email="ada@example.org", type=kind, direction=direction, **{**fields, **changed})


def sign(request: HookRequest, secret: str) -> HookRequest:
    time = str(request.received_at_ms)
    signature = hmac_base64(secret, f"{time}:".encode() + request.body)
    return with_headers(request, x_front_request_timestamp=time, x_front_signature=signature)


SMS = {"network": "sms", "conversation_id": "cnv_1", "text": "Is it in stock?"}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a mail", event(), mail("received", "inbound")),
        Sample("an answer", event(type="out_reply"), mail("sent", "outbound")),
        Sample(
            "a mail to an application",
            {"type": "inbound_received", "authorization": {"id": "cmp_1"}, "payload": event()},
            mail("received", "inbound"),
        ),
        Sample(
            "a preview",
            event(target=None),
            touch(
                "emails",
                email="ada@example.org",
                type="received",
                direction="inbound",
                subject="Question",
                properties={"conversation": "cnv_1"},
            ),
        ),
        Sample(
            "a text message",
            message("inbound", "+4930901820", type="sms"),
            touch("messages", phone="+4930901820", type="received", **SMS),
        ),
        Sample(
            "an answer by text message",
            message("outbound", "+4930901820", type="sms"),
            touch("messages", phone="+4930901820", type="sent", agent="kim@shop.example.org", **SMS),
        ),
        Sample(
            "a message in another network",
            message("inbound", "ada_l", type="tweet", text=None, body="<p>Hello</p>"),
            touch(
                "messages",
                ids={"front": "ada_l"},
                type="received",
                network="tweet",
                conversation_id="cnv_1",
                text="Hello",
            ),
        ),
        Sample(
            "a handle of the message",
            event(
                conversation={"id": "cnv_1"},
                target={"data": {**MAIL, "recipients": [{"role": "from", "handle": "ada@example.org"}]}},
            ),
            mail("received", "inbound"),
        ),
        Sample("setting up", {"type": "sync", "authorization": {"id": "cmp_1"}}, []),
        Sample("another event", event(type="assign"), []),
        Sample(
            "no handle",
            event(conversation={"id": "cnv_1"}),
            Unmappable("an event lacks its id, emitted_at or the handle of a recipient"),
        ),
    ),
)
