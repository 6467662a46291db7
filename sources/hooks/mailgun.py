"""Mailgun: events of mails.

Format and signature: documentation.mailgun.com/docs/mailgun/user-manual/webhooks. Mailgun signs a time and a token in
the body and nothing of the event, and says to accept each token once. A repeated request is accepted if its body is the
same, since its answer may have been lost. Mailgun repeats a request for eight hours, so an older one is refused, and
tokens are remembered for no longer.

Mails that Mailgun routes to a mailbox of its user (`is-routed`) do not go to a customer.
"""

from collections.abc import Sequence
from re import compile as pattern
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.mail_event import mail_touch, short_id
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import is_recent, matches_hmac
from sources.payloads.event_fields import mapping_of, text_of, without_empty
from sources.payloads.event_times import unix_ms

_TYPES: Final = {
    "accepted": "sent",
    "delivered": "delivered",
    "opened": "opened",
    "clicked": "clicked",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
}
_NONE: Final = frozenset(
    {"rejected", "stored", "list_member_uploaded", "list_member_upload_error", "list_uploaded", "email_validation"}
)
TOLERANCE_S: Final = 9 * 3_600  # eight hours of repetitions, and one for clocks and queues
_signature: Final = pattern(rb'("signature"\s*:\s*")[^"\\]*"').sub


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the signing keys has signed time and token, and recently."""
    signed = _signed(request)
    time = text_of(signed.get("timestamp"))
    message = (time + text_of(signed.get("token"))).encode("utf-8", "surrogatepass")
    if not message or not matches_hmac(source.secrets, message, text_of(signed.get("signature"))):
        return Verdict.FORGED
    return Verdict.GENUINE if is_recent(time, request.received_at_ms, TOLERANCE_S) else Verdict.STALE


def token_of(request: HookRequest, source: HookSource) -> str:
    """Return time and token, as they are signed."""
    signed = _signed(request)
    return text_of(signed.get("timestamp")) + text_of(signed.get("token"))


def _signed(request: HookRequest) -> dict[str, object]:
    payload = read_object(request.body)
    return {} if isinstance(payload, Unmappable) else mapping_of(payload.get("signature"))


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of the event."""
    payload = read_object(request.body)
    return payload if isinstance(payload, Unmappable) else touches_of([_map_event(payload)])


def _map_event(payload: dict[str, object]) -> Collected | Unmappable | None:
    event = mapping_of(payload.get("event-data"))
    name = text_of(event.get("event"))
    if name in _NONE or mapping_of(event.get("flags")).get("is-routed") is True:
        return None
    if name == "failed":
        kind = "bounced" if event.get("severity") == "permanent" else ""
        if not kind:
            return None  # Mailgun tries again
    elif not (kind := _TYPES.get(name, "")):
        return Unmappable("event-data.event is none that is known")
    headers, status = (
        mapping_of(mapping_of(event.get("message")).get("headers")),
        mapping_of(event.get("delivery-status")),
    )
    campaigns, client = event.get("campaigns"), mapping_of(event.get("client-info"))
    return mail_touch(
        kind,
        short_id(event.get("id")),
        unix_ms(event.get("timestamp")),
        event.get("recipient"),
        headers.get("message-id"),
        subject=headers.get("subject"),
        campaign=mapping_of(campaigns[0]).get("name") if isinstance(campaigns, list) and campaigns else None,
        link=event.get("url"),
        user_agent=client.get("user-agent"),
        ip=event.get("ip"),
        properties={
            "reason": text_of(event.get("reason")),
            "status": text_of(status.get("description")),
            "client-info": without_empty({"bot": text_of(client.get("bot"))}),  # a scanner or a proxy
        },
    )


def without_signature(body: bytes) -> bytes:
    """Return the body without the signature, with which any event could be sent."""
    return _signature(rb'\1[removed]"', body)


PROVIDER: Final = Provider("mailgun", verify, map_request, keep=without_signature, token=token_of)
