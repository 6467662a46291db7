"""Resend: events of mails, signed as Svix does.

Format: resend.com/docs/dashboard/webhooks/event-types. One event of a mail with several recipients becomes a touch for
each, except opens and clicks, of which Resend does not say whose they are. The time of an event is that of the
envelope; the one within `data` is the mail's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.mail_event import mail_touch
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.standard_signature import check_keys, verify_standard
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, text_of
from sources.payloads.event_times import iso_ms

_ID: Final = "svix-id"
_TYPES: Final = {
    "email.sent": "sent",
    "email.delivered": "delivered",
    "email.opened": "opened",
    "email.clicked": "clicked",
    "email.bounced": "bounced",
    "email.complained": "complained",
    "email.received": "received",
}
_NONE: Final = frozenset({"email.delivery_delayed", "email.failed", "email.scheduled", "email.suppressed"})
_OTHER: Final = ("contact.", "domain.")  # changes of your own lists and domains


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the secrets has signed the request, within the tolerance."""
    return verify_standard(request, source, "svix")


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each recipient."""
    event = read_object(request.body)
    if isinstance(event, Unmappable):
        return event
    name = text_of(event.get("type"))
    if name in _NONE or name.startswith(_OTHER):
        return ()
    if name not in _TYPES:
        return Unmappable("an event of an unknown type")
    return touches_of(_map_event(_TYPES[name], event, request.headers.get(_ID, "")))


def _map_event(kind: str, event: Mapping[str, object], event_id: str) -> Iterable[Collected | Unmappable | None]:
    data = mapping_of(event.get("data"))
    to, is_inbound, click = data.get("to"), kind == "received", mapping_of(data.get("click"))
    people = [data.get("from")] if is_inbound else to if isinstance(to, list) else [to]
    if kind in ("opened", "clicked") and len(people) > 1:
        return
    for person in people or [None]:
        yield mail_touch(
            kind,
            composed_id(event_id, text_of(person).lower()) if event_id else "",
            iso_ms(event.get("created_at")),
            person,
            data.get("email_id"),
            direction="inbound" if is_inbound else "outbound",
            subject=data.get("subject"),
            link=click.get("link"),
            user_agent=click.get("userAgent"),
            ip=click.get("ipAddress"),
            properties={"reason": text_of(mapping_of(data.get("bounce")).get("message"))},
        )


PROVIDER: Final = Provider("resend", verify, map_request, kept_headers=(_ID,), check=check_keys)
