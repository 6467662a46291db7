"""SendGrid: events of mails by its Event Webhook.

Format: www.twilio.com/docs/sendgrid/for-developers/tracking-events/event; signature:
www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features. The secret
is the verification key, base64 as SendGrid shows it. No tolerance of time is documented, so an old signature is valid.

`dropped` means that SendGrid did not send. Only if the reason is a bad address it tells something of the customer.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_objects
from sources.hooks.mail_event import mail_touch, short_id
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.public_keys import matches_ecdsa, read_ecdsa_key
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import text_of
from sources.payloads.event_times import unix_ms

_TYPES: Final = {
    "processed": "sent",
    "delivered": "delivered",
    "open": "opened",
    "click": "clicked",
    "bounce": "bounced",
    "dropped": "bounced",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}
_BAD_ADDRESS: Final = ("bounced address", "invalid")
_NONE: Final = frozenset({"deferred", "group_resubscribe", "account_status_change"})


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the keys has signed time and body."""
    time = request.headers.get("x-twilio-email-event-webhook-timestamp", "")
    signature = request.headers.get("x-twilio-email-event-webhook-signature", "")
    message = time.encode("utf-8", "surrogatepass") + request.body
    return Verdict.GENUINE if matches_ecdsa(source.secrets, message, signature) else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each event of the customer."""
    events = read_objects(request.body)
    return events if isinstance(events, Unmappable) else touches_of(map(_map_event, events))


def _map_event(event: Mapping[str, object]) -> Collected | Unmappable | None:
    name, reason = text_of(event.get("event")), text_of(event.get("reason")).lower()
    if name in _NONE or (name == "dropped" and not reason.startswith(_BAD_ADDRESS)):
        return None
    if name not in _TYPES:
        return Unmappable("an event of an unknown kind")
    kind, time, email = _TYPES[name], unix_ms(event.get("timestamp")), event.get("email")
    message_id = event.get("sg_message_id") or event.get("smtp-id")
    return mail_touch(
        kind,
        short_id(event.get("sg_event_id")) or composed_id(kind, message_id, email, time, event.get("url")),
        time,
        email,
        message_id,
        campaign=event.get("marketing_campaign_name"),
        link=event.get("url"),
        user_agent=event.get("useragent"),
        ip=event.get("ip"),
        properties={
            "reason": text_of(event.get("reason")),
            "status": text_of(event.get("status")),
            "sg_machine_open": event.get("sg_machine_open") or None,  # of Apple's proxy
        },
    )


def check(source: HookSource) -> str:
    """Return which secret is no key."""
    wrong = [n for n, secret in enumerate(source.secrets, 1) if read_ecdsa_key(secret) is None]
    return f"secret {wrong[0]} is no verification key: copy the base64 text that SendGrid shows" if wrong else ""


PROVIDER: Final = Provider("sendgrid", verify, map_request, check=check)
