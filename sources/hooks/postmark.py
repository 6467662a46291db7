"""Postmark: events of mails, and mails that customers send.

Format: postmarkapp.com/developer/webhooks/webhooks-overview. There is no signature: put a user and a password into the
address, or name a header of your own in the option `header`. Only bounces have an id, so events are identified by what
happened to which mail, when and to whom.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.mail_event import mail_touch
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable
from sources.hooks.shared_secret import OPTION, verify_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, text_of
from sources.payloads.event_times import iso_ms, rfc2822_ms

_KINDS: Final = {
    "Delivery": ("delivered", "DeliveredAt"),
    "Open": ("opened", "ReceivedAt"),
    "Click": ("clicked", "ReceivedAt"),
    "Bounce": ("bounced", "BouncedAt"),
    "SpamComplaint": ("complained", "BouncedAt"),
    "SubscriptionChange": ("unsubscribed", "ChangedAt"),
}
_BOUNCES: Final = frozenset(
    {"HardBounce", "SoftBounce", "BadEmailAddress", "Blocked", "SpamNotification", "DMARCPolicy"}
)
"""Types of bounces that mean that an address bounced; others are delays and automatic replies:
postmarkapp.com/developer/api/bounce-api#bounce-types"""


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of the record."""
    record = read_object(request.body)
    return record if isinstance(record, Unmappable) else touches_of([_map_record(record)])


def _map_record(record: Mapping[str, object]) -> Collected | Unmappable | None:
    name = text_of(record.get("RecordType"))
    if name in ("", "Inbound") and "FromFull" in record:
        return _map_inbound(record)
    if name not in _KINDS:
        return Unmappable("a record of an unknown RecordType")
    kind, time_field = _KINDS[name]
    if name == "Bounce":
        if record.get("Type") == "Unsubscribe":
            kind = "unsubscribed"
        elif text_of(record.get("Type")) not in _BOUNCES:
            return None
    # Bounces and complaints have records of their own; `false` reactivates an address.
    if name == "SubscriptionChange" and not (
        record.get("SuppressSending") is True and record.get("SuppressionReason") == "ManualSuppression"
    ):
        return None
    email, message_id, link = (
        record.get("Recipient") or record.get("Email"),
        record.get("MessageID"),
        record.get("OriginalLink"),
    )
    time = iso_ms(record.get(time_field))
    return mail_touch(
        kind,
        composed_id(kind, message_id, email, time, link or ""),
        time,
        email,
        message_id,
        subject=record.get("Subject"),
        campaign=record.get("Tag"),
        link=link,
        user_agent=record.get("UserAgent"),
        ip=mapping_of(record.get("Geo")).get("IP"),
        properties={"reason": text_of(record.get("Description")), "bounce_type": text_of(record.get("Type"))},
    )


def _map_inbound(record: Mapping[str, object]) -> Collected | Unmappable:
    message_id = record.get("MessageID")
    return mail_touch(
        "received",
        composed_id("received", message_id),
        rfc2822_ms(record.get("Date")),
        mapping_of(record.get("FromFull")).get("Email"),
        message_id,
        direction="inbound",
        subject=record.get("Subject"),
    )


PROVIDER: Final = Provider("postmark", verify_secret, map_request, options=(OPTION,))
