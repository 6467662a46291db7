"""Brevo: events of transactional and marketing mails.

Format: developers.brevo.com/docs/transactional-webhooks. There is no signature: set a token or a user and a password at
Brevo, or name a header of your own in the option `header`. Events have no id, so they are identified by what happened
to which mail, when, to whom and at which link. `ts_epoch` is the only time in UTC.

The first open comes as `opened` and as `unique_opened`; both are the same touch. Opens by a proxy keep their name as
the property `event`, by which intake recognises them.
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
    "delivered": "delivered",
    "opened": "opened",
    "unique_opened": "opened",
    "proxy_open": "opened",
    "unique_proxy_open": "opened",
    "click": "clicked",
    "hard_bounce": "bounced",
    "soft_bounce": "bounced",
    "invalid_email": "bounced",
    "blocked": "bounced",
    "spam": "complained",
    "complaint": "complained",
    "unsubscribe": "unsubscribed",
    "unsubscribed": "unsubscribed",
}
_NONE: Final = frozenset({"request", "deferred", "error", "list_addition", "contact_updated", "contact_deleted"})


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each event."""
    events = read_objects(request.body)
    return events if isinstance(events, Unmappable) else touches_of(map(_map_event, events))


def _map_event(event: Mapping[str, object]) -> Collected | Unmappable | None:
    name = text_of(event.get("event"))
    if name in _NONE:
        return None
    if name not in _TYPES:
        return Unmappable("an event of an unknown kind")
    kind, time, email, message_id = (
        _TYPES[name],
        unix_ms(event.get("ts_epoch"), 1),
        event.get("email"),
        event.get("message-id"),
    )
    link = event.get("link") if kind == "clicked" else None
    tags = event.get("tags")
    return mail_touch(
        kind,
        composed_id(kind, message_id, email, time, link or ""),
        time,
        email,
        message_id,
        subject=event.get("subject"),
        campaign=event.get("camp_name")
        or event.get("campaign name")
        or (tags[0] if isinstance(tags, list) and tags else None),
        link=link,
        user_agent=event.get("user_agent"),
        ip=event.get("ip") if kind in ("opened", "clicked") else None,
        properties={"reason": text_of(event.get("reason")), "event": name if "proxy" in name else None},
    )


PROVIDER: Final = Provider("brevo", verify_secret, map_request, options=(OPTION,))
