"""Mandrill (Mailchimp Transactional): events of mails, and mails that customers send.

Format and signature: mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks. It signs the URL
and the decoded fields of a form, and tests an address with HEAD and with an empty list. Events have no id, so they are
identified by what happened to which mail, when and at which link.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_objects
from sources.hooks.mail_event import mail_touch
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac, signed_form
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, text_of
from sources.payloads.event_times import unix_ms

_FIELD: Final = "mandrill_events"
_TYPES: Final = {
    "send": "sent",
    "delivered": "delivered",
    "open": "opened",
    "click": "clicked",
    "hard_bounce": "bounced",
    "soft_bounce": "bounced",
    "spam": "complained",
    "unsub": "unsubscribed",
    "inbound": "received",
}
_NONE: Final = frozenset({"deferral", "reject", ""})  # not delivered yet; not sent; changes of lists, without an event


def challenge(request: HookRequest, source: HookSource) -> HookAnswer | None:
    """Return 200 to the test of the address, which is signed by no key of the account and says nothing."""
    is_test = request.method == "HEAD" or request.form_fields() == [(_FIELD, "[]")]
    return HookAnswer(200) if is_test else None


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the keys has signed URL and fields."""
    signed = signed_form(request.url, request.form_fields())
    signature = request.headers.get("x-mandrill-signature", "")
    genuine = matches_hmac(source.secrets, signed, signature, "sha1", "base64")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each event of the form's list."""
    events = read_objects(dict(request.form_fields()).get(_FIELD, "").encode("utf-8", "surrogatepass"))
    return events if isinstance(events, Unmappable) else touches_of(map(_map_event, events))


def _map_event(event: Mapping[str, object]) -> Collected | Unmappable | None:
    name, mail = text_of(event.get("event")), mapping_of(event.get("msg"))
    if name in _NONE:
        return None
    if name not in _TYPES:
        return Unmappable("an event of an unknown kind")
    kind, time = _TYPES[name], unix_ms(event.get("ts"))
    is_inbound = kind == "received"
    message_id = mapping_of(mail.get("headers")).get("Message-Id") if is_inbound else event.get("_id")
    return mail_touch(
        kind,
        composed_id(name, message_id, mail.get("from_email") if is_inbound else "", time, event.get("url") or ""),
        time,
        mail.get("from_email" if is_inbound else "email"),
        message_id,
        direction="inbound" if is_inbound else "outbound",
        subject=mail.get("subject"),
        link=event.get("url"),
        user_agent=event.get("user_agent"),
        ip=event.get("ip"),
        properties={"reason": text_of(mail.get("bounce_description"))},
    )


PROVIDER: Final = Provider("mandrill", verify, map_request, challenge, signs_url=True)
