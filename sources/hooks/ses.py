"""Amazon SES: events of mails, by an SNS topic that the option `topic_arns` names.

Format: docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, and of notifications
docs.aws.amazon.com/ses/latest/dg/notification-contents.html. "Raw message delivery" of SNS has to be off, since its
messages are not signed. The subscription is confirmed by itself.

One event of a mail with several recipients becomes a touch for each, except opens and clicks, of which SES does not
know whose they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks import sns
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.mail_event import mail_touch, short_id
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, text_of
from sources.payloads.event_times import iso_ms

_KINDS: Final = {
    # name of the event: (type, object with its time and more, its list of recipients)
    "Send": ("sent", "mail", ""),
    "Delivery": ("delivered", "delivery", "recipients"),
    "Open": ("opened", "open", ""),
    "Click": ("clicked", "click", ""),
    "Bounce": ("bounced", "bounce", "bouncedRecipients"),
    "Complaint": ("complained", "complaint", "complainedRecipients"),
    "Subscription": ("unsubscribed", "subscription", ""),
}
_NONE: Final = frozenset({"Reject", "Rendering Failure", "DeliveryDelay"})  # what was not sent, or is not yet delivered


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touches of a notification; other messages of SNS are none."""
    envelope = sns.envelope_of(request)
    if envelope.get("Type") != sns.NOTIFICATION:
        return ()
    event = read_object(text_of(envelope.get("Message")).encode("utf-8", "surrogatepass"))
    if isinstance(event, Unmappable):
        # A topic that gets events for the first time is sent a sentence as a test.
        return () if "Successfully validated SNS topic" in text_of(envelope.get("Message")) else event
    name = text_of(event.get("eventType")) or text_of(event.get("notificationType"))
    if name in _NONE:
        return ()
    if name not in _KINDS:
        return Unmappable("a notification of an unknown eventType")
    return touches_of(_map_event(name, event, envelope))


def _map_event(
    name: str, event: Mapping[str, object], envelope: Mapping[str, object]
) -> Iterable[Collected | Unmappable | None]:
    kind, part_name, list_name = _KINDS[name]
    part, mail = mapping_of(event.get(part_name)), mapping_of(event.get("mail"))
    recipients = _addresses(part.get(list_name) if list_name else mail.get("destination"))
    if (name == "Bounce" and part.get("bounceType") != "Permanent") or (
        kind in ("opened", "clicked") and recipients[1:]
    ):
        return
    if name == "Subscription" and not mapping_of(part.get("newTopicPreferences")).get("unsubscribeAll"):
        return
    for recipient in recipients or [""]:
        yield mail_touch(
            kind,
            composed_id(short_id(envelope.get("MessageId")), recipient.lower()),
            iso_ms(part.get("timestamp")),
            recipient,
            mail.get("messageId"),
            subject=mapping_of(mail.get("commonHeaders")).get("subject"),
            link=part.get("link"),
            user_agent=part.get("userAgent"),
            ip=part.get("ipAddress"),
            properties={
                "reason": text_of(part.get("bounceSubType")) or text_of(part.get("complaintFeedbackType")),
            },
        )


def _addresses(recipients: object) -> list[str]:
    """Return the addresses of a list of texts or of objects with `emailAddress`."""
    listed = recipients if isinstance(recipients, list) else []
    found = (text_of(mapping_of(one).get("emailAddress") if isinstance(one, dict) else one) for one in listed)
    return [address for address in dict.fromkeys(found) if address]


PROVIDER: Final = Provider(
    "ses",
    sns.verify,
    map_request,
    keep=sns.without_credentials,
    needs_secret=False,
    options=(sns.OPTION,),
    check=sns.check,
    certificate_url=sns.certificate_url,
    confirmation_url=sns.confirmation_url,
)
