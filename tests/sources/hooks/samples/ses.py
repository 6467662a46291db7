"""Amazon SES: samples of its notifications, in messages of SNS that are signed by RSA."""

import datetime
import json
from base64 import b64encode
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import SECRET, Sample, Webhooks

ARN = "arn:aws:sns:eu-west-1:123456789012:mails"
OPTIONS = {"topic_arns": f"arn:aws:sns:eu-west-1:123456789012:other, {ARN}"}
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem"
ENVELOPE = {
    "Type": "Notification",
    "MessageId": "5a4c1b9e-0000-5000-8000-3f1d2c4b5a69",
    "TopicArn": ARN,
    "Subject": "Amazon SES Email Event Notification",
    "Timestamp": "2026-11-30T10:31:41.000Z",
    "SigningCertURL": CERTIFICATE_URL,
}
CONFIRMATION = {
    **{name: value for name, value in ENVELOPE.items() if name != "Subject"},
    "Type": "SubscriptionConfirmation",
    "Message": "You have chosen to subscribe",
    "Token": "2336412f37",
    "SubscribeURL": f"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={ARN}",
}
MAIL = {
    "messageId": "0100018f-4711",
    "timestamp": "2026-11-30T10:31:30.000Z",
    "destination": ["ada@example.org"],
    "commonHeaders": {"subject": "Your order"},
}
TIME, TIME_MS = "2026-11-30T10:31:40.000Z", 1_796_034_700_000
SIGNED = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


@cache
def key_of(secret: str) -> RSAPrivateKey:
    return generate_private_key(65_537, 2048)


@cache
def certificate_of(secret: str) -> bytes:
    name, key = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")]), key_of(secret)
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + datetime.timedelta(days=9_000))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def sign(request: HookRequest, secret: str, version: str = "2") -> HookRequest:
    """Return the request with a signature by the key of a secret, and the certificate of SNS, the key of SECRET."""
    envelope = json.loads(request.body)
    text = "".join(f"{name}\n{envelope[name]}\n" for name in SIGNED if name in envelope)
    signature = key_of(secret).sign(text.encode(), PKCS1v15(), SHA1() if version == "1" else SHA256())
    body = {**envelope, "SignatureVersion": version, "Signature": b64encode(signature).decode()}
    return request._replace(body=json.dumps(body).encode(), certificate=certificate_of(SECRET))


def sample(
    name: str, event: dict[str, object], *touches: dict[str, object], mail: dict[str, object] | None = None
) -> Sample:
    payload = {**ENVELOPE, "Message": json.dumps({"mail": mail or MAIL, **event})}
    collected = []
    for fields in touches:
        email = fields.get("email", "ada@example.org")
        touch = {
            "event_id": f"{ENVELOPE['MessageId']}:{email}",
            "occurred_at": TIME_MS,
            "direction": "outbound",
            "email": email,
            "message_id": "0100018f-4711",
            "subject": "Your order",
            **fields,
        }
        collected.append(Collected("emails", touch))
    return Sample(name, payload, collected, options=OPTIONS)


TWO = {**MAIL, "timestamp": TIME, "destination": ["ada@example.org", "bea@example.org", "ada@example.org"]}
OPEN = {"timestamp": TIME, "userAgent": "Thunderbird", "ipAddress": "198.51.100.7"}
LINK = "https://shop.example.org/spring"
GONE = {"bouncedRecipients": [{"emailAddress": "ada@example.org"}], "timestamp": TIME}
WEBHOOKS = Webhooks(
    sign,
    (
        sample(
            "a mail to two people",
            {"eventType": "Send"},
            {"type": "sent"},
            {"type": "sent", "email": "bea@example.org"},
            mail=TWO,
        ),
        sample(
            "a delivery",
            {"notificationType": "Delivery", "delivery": {"timestamp": TIME, "recipients": ["ada@example.org"]}},
            {"type": "delivered"},
        ),
        sample(
            "an open",
            {"eventType": "Open", "open": OPEN},
            {"type": "opened", "user_agent": "Thunderbird", "ip": "198.51.100.7"},
        ),
        sample("an open by one of two", {"eventType": "Open", "open": OPEN}, mail=TWO),
        sample(
            "a click",
            {"eventType": "Click", "click": {"timestamp": TIME, "link": LINK}},
            {"type": "clicked", "link_url": LINK},
        ),
        sample(
            "a bounce",
            {"eventType": "Bounce", "bounce": {**GONE, "bounceType": "Permanent", "bounceSubType": "General"}},
            {"type": "bounced", "properties": {"reason": "General"}},
        ),
        sample("a full mailbox", {"eventType": "Bounce", "bounce": {**GONE, "bounceType": "Transient"}}),
        sample(
            "a complaint",
            {
                "eventType": "Complaint",
                "complaint": {"complainedRecipients": [{"emailAddress": "ada@example.org"}], "timestamp": TIME},
            },
            {"type": "complained"},
        ),
        sample(
            "an unsubscription",
            {
                "eventType": "Subscription",
                "subscription": {"timestamp": TIME, "newTopicPreferences": {"unsubscribeAll": True}},
            },
            {"type": "unsubscribed"},
        ),
        sample("a mail that was not sent", {"eventType": "Reject"}),
        Sample(
            "a test of the topic",
            {**ENVELOPE, "Message": "Successfully validated SNS topic for Amazon SES event publishing."},
            [],
            options=OPTIONS,
        ),
        Sample(
            "a subscription to be confirmed",
            CONFIRMATION,
            [],
            options=OPTIONS,
        ),
        sample("an unknown event", {"eventType": "X"})._replace(
            touches=Unmappable("a notification of an unknown eventType")
        ),
    ),
)
