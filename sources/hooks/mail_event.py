"""Events of mails that webhooks report, in the form of the channel `emails`."""

from collections.abc import Mapping
from typing import Final

from sources.collected import Collected
from sources.hooks.provider import Unmappable
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, page_address, text_of, without_empty
from sources.payloads.shown_texts import label_of, line_of

_LONGEST_ADDRESS: Final = 1_000


def mail_touch(
    kind: str,
    event_id: str,
    occurred_at_ms: int | None,
    email: object,
    message_id: object,
    *,
    direction: str = "outbound",
    subject: object = None,
    campaign: object = None,
    link: object = None,
    user_agent: object = None,
    ip: object = None,
    properties: Mapping[str, object] = {},
) -> Collected | Unmappable:
    """Return the touch of one event. `email` is the customer's address, in `direction` inbound the sender's.

    Values of a wrong type are left out, except time and address, without which the touch has no meaning.
    """
    address = text_of(email)[:_LONGEST_ADDRESS]
    if not address or occurred_at_ms is None or not event_id:
        return Unmappable(f"an event that means {kind} lacks its id, time or recipient")
    touch = {
        "event_id": event_id,
        "type": kind,
        "occurred_at": occurred_at_ms,
        "direction": direction,
        "email": address,
        "message_id": short_id(message_id),
        "subject": line_of(subject),
        "campaign": label_of(campaign),
        "link_url": line_of(page_address(link)),
        "user_agent": line_of(user_agent),
        "ip": label_of(ip),
        "properties": without_empty(properties),
    }
    return Collected("emails", without_empty(touch))


def short_id(value: object) -> str:
    """Return a provider's id as text, or a hash of one that an id could not hold; empty for what is no id."""
    found = id_of(value)
    text = found.strip() if isinstance(found, str) else "" if found is None else str(found)
    return composed_id(text) if text else ""
