"""Customer.io: reporting webhooks of mails, text messages and subscriptions.

Format and signature: docs.customer.io/journeys/webhooks. Customer.io documents no tolerance of time. Of the marks by
machines, `prefetched` is kept as a property; `human_opened` and `human_clicked` repeat opens and clicks.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.mail_event import mail_touch, short_id
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac
from sources.payloads.event_fields import mapping_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import label_of

_MAILS: Final = {
    "sent": "sent",
    "delivered": "delivered",
    "opened": "opened",
    "clicked": "clicked",
    "bounced": "bounced",
    "spammed": "complained",
    "unsubscribed": "unsubscribed",
}
_MESSAGES: Final = {"sent": "sent", "delivered": "delivered", "opened": "read", "bounced": "failed", "failed": "failed"}
_CONSENTS: Final = {"subscribed": "given", "unsubscribed": "withdrawn"}
_NETWORKS: Final = {"sms": "sms", "push": "push", "whatsapp": "whatsapp", "in_app": "in-app"}
_PURPOSE: Final = "marketing"  # of a subscription to all messages


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the signing keys has signed time and body."""
    time = request.headers.get("x-cio-timestamp", "")
    signed = b"v0:" + time.encode("utf-8", "surrogatepass") + b":" + request.body
    genuine = matches_hmac(source.secrets, signed, request.headers.get("x-cio-signature", ""))
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of the event; events of other objects and metrics are none."""
    event = read_object(request.body)
    if isinstance(event, Unmappable):
        return event
    kind, metric = text_of(event.get("object_type")), text_of(event.get("metric"))
    if not kind or not metric:
        return Unmappable("an event lacks its object_type or metric")
    if kind == "email" and metric in _MAILS:
        return touches_of([_mail(_MAILS[metric], event)])
    if kind in _NETWORKS and metric in _MESSAGES:
        return touches_of([_message(_MESSAGES[metric], _NETWORKS[kind], event)])
    if kind == "customer" and metric in _CONSENTS:
        return touches_of([_consent(_CONSENTS[metric], event)])
    return ()


def _mail(kind: str, event: Mapping[str, object]) -> Collected | Unmappable:
    data = mapping_of(event.get("data"))
    made = mail_touch(
        kind,
        short_id(event.get("event_id")),
        unix_ms(event.get("timestamp")),
        data.get("recipient") or mapping_of(data.get("identifiers")).get("email"),
        data.get("delivery_id"),
        subject=data.get("subject"),
        campaign=data.get("campaign_name") or data.get("newsletter_name"),
        link=data.get("href"),
        properties={"reason": text_of(data.get("failure_message")), "prefetched": data.get("prefetched") or None},
    )
    return made if isinstance(made, Unmappable) else made._replace(touch=_identifiers(data) | made.touch)


def _message(kind: str, network: str, event: Mapping[str, object]) -> Collected | Unmappable:
    data = mapping_of(event.get("data"))
    phone = {"phone": text_of(data.get("recipient"))} if network in ("sms", "whatsapp") else {}
    return _touch("messages", event, {"type": kind, "network": network, **_identifiers(data), **phone})


def _consent(kind: str, event: Mapping[str, object]) -> Collected | Unmappable:
    data = mapping_of(event.get("data"))
    email = {"email": text_of(data.get("email_address")) or text_of(mapping_of(data.get("identifiers")).get("email"))}
    return _touch("consents", event, {"type": kind, "purpose": _PURPOSE, **_identifiers(data), **email})


def _touch(channel: str, event: Mapping[str, object], fields: dict[str, object]) -> Collected | Unmappable:
    event_id, time = short_id(event.get("event_id")), unix_ms(event.get("timestamp"))
    known = any(fields.get(name) for name in ("customer_id", "email", "phone"))
    if not event_id or time is None or not known:
        return Unmappable("an event lacks its event_id, timestamp or customer")
    return Collected(channel, without_empty({"event_id": event_id, "occurred_at": time, **fields}))


def _identifiers(data: Mapping[str, object]) -> dict[str, object]:
    """Return the customer's ids. The ones of Customer.io itself are in a namespace that identifies within it."""
    identifiers = mapping_of(data.get("identifiers"))
    customer_id = short_id(identifiers.get("id")) or short_id(data.get("customer_id"))
    cio_id = label_of(identifiers.get("cio_id"))
    return without_empty({"customer_id": customer_id, "ids": without_empty({"customerio": short_id(cio_id)})})


PROVIDER: Final = Provider("customerio", verify, map_request)
