"""SendGrid: samples of its Event Webhook."""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

EVENT = {
    "email": "ada@example.org",
    "timestamp": 1_796_099_900,
    "smtp-id": "<4711@shop.example.org>",
    "sg_event_id": "c2VuZGdyaWQtNDcxMQ==",
    "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
}
TOUCH = {
    "event_id": "c2VuZGdyaWQtNDcxMQ==",
    "type": "delivered",
    "occurred_at": 1_796_099_900_000,
    "direction": "outbound",
    "email": "ada@example.org",
    "message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
}


@cache
def key_of(secret: str) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(sha256(secret.encode()).digest()) >> 8 or 1, SECP256R1())


def public_key(secret: str) -> str:
    if not secret:
        return ""
    der = key_of(secret).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(der).decode()


def sign(request: HookRequest, secret: str) -> HookRequest:
    time = str(request.received_at_ms // 1_000)
    signature = key_of(secret).sign(time.encode() + request.body, ECDSA(SHA256()))
    return with_headers(
        request,
        x_twilio_email_event_webhook_timestamp=time,
        x_twilio_email_event_webhook_signature=b64encode(signature).decode(),
    )


def event(name: str, **fields: object) -> dict[str, object]:
    return {**EVENT, "event": name, **fields}


def touch(kind: str, **fields: object) -> Collected:
    return Collected("emails", {**TOUCH, "type": kind, **fields})


CLICK = {"url": "https://shop.example.org/spring", "useragent": "Mozilla/5.0 Firefox/128.0", "ip": "198.51.100.7"}
WEBHOOKS = Webhooks(
    sign,
    (
        Sample(
            "events of a campaign",
            [
                event("processed", sg_event_id="a1", marketing_campaign_name="spring-2026"),
                event("delivered"),
                event("open", sg_event_id="a2", useragent="Thunderbird", sg_machine_open=True),
                event("click", sg_event_id="a3", **CLICK),
                event("spamreport", sg_event_id="a4"),
                event("unsubscribe", sg_event_id="a5"),
                event("group_unsubscribe", sg_event_id="a6"),
            ],
            [
                touch("sent", event_id="a1", campaign="spring-2026"),
                touch("delivered"),
                touch("opened", event_id="a2", user_agent="Thunderbird", properties={"sg_machine_open": True}),
                touch(
                    "clicked",
                    event_id="a3",
                    link_url=CLICK["url"],
                    user_agent=CLICK["useragent"],
                    ip=CLICK["ip"],
                ),
                touch("complained", event_id="a4"),
                touch("unsubscribed", event_id="a5"),
                touch("unsubscribed", event_id="a6"),
            ],
        ),
        Sample(
            "a bounce and addresses that are not written to",
            [
                event("bounce", reason="550 no such user", status="5.1.1"),
                event("dropped", sg_event_id="a1", reason="Bounced Address"),
                event("dropped", sg_event_id="a2", reason="Unsubscribed Address"),
            ],
            [
                touch("bounced", properties={"reason": "550 no such user", "status": "5.1.1"}),
                touch("bounced", event_id="a1", properties={"reason": "Bounced Address"}),
            ],
        ),
        Sample("events that are none", [event("deferred"), event("group_resubscribe")], []),
        Sample(
            "an event without an id",
            [event("delivered", sg_event_id=None)],
            [touch("delivered", event_id=f"delivered:{EVENT['sg_message_id']}:ada@example.org:1796099900000:None")],
        ),
        Sample("an unknown event", [event("teleported")], Unmappable("an event of an unknown kind")),
        Sample(
            "an event without its time",
            [event("open", timestamp=None)],
            Unmappable("an event that means opened lacks its id, time or recipient"),
        ),
    ),
    configured=public_key,
)
