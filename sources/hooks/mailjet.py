"""Mailjet: events of mails.

Format: dev.mailjet.com/email/guides/webhooks. There is no signature: put a user and a password into the address.
Events have no id, so they are identified by what happened to which mail, when, to whom and at which link. A message id
is a number of 64 bits, which is kept as text.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_objects
from sources.hooks.mail_event import mail_touch
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable
from sources.hooks.shared_secret import OPTION, verify_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import text_of
from sources.payloads.event_times import unix_ms

_TYPES: Final = {
    "sent": "delivered",  # Mailjet reports it when the recipient's server has taken the mail
    "open": "opened",
    "click": "clicked",
    "bounce": "bounced",
    "blocked": "bounced",
    "spam": "complained",
    "unsub": "unsubscribed",
}


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each event."""
    events = read_objects(request.body)
    return events if isinstance(events, Unmappable) else touches_of(map(_map_event, events))


def _map_event(event: Mapping[str, object]) -> Collected | Unmappable | None:
    name, reason = text_of(event.get("event")), text_of(event.get("error"))
    if name not in _TYPES:
        return Unmappable("an event of an unknown kind")
    if reason == "greylisted":
        return None  # Mailjet tries again
    kind, time, email, message_id = _TYPES[name], unix_ms(event.get("time")), event.get("email"), event.get("MessageID")
    link = event.get("url") if kind == "clicked" else None
    return mail_touch(
        kind,
        composed_id(kind, message_id, email, time, link or ""),
        time,
        email,
        message_id,
        campaign=event.get("customcampaign"),
        link=link,
        user_agent=event.get("agent"),
        ip=event.get("ip"),
        properties={"reason": reason},
    )


PROVIDER: Final = Provider("mailjet", verify_secret, map_request, options=(OPTION,))
