"""Intercom: messages of conversations, their ratings, and contacts.

Format: developers.intercom.com/docs/references/webhooks/webhook-models. Intercom documents no tolerance of time; each
notification has an id of its own. A subscription whose notifications fail for seven days is suspended.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.help_desk_person import contact_touch, person_of
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import label_of, message_of, message_of_html

_DESK: Final = "intercom"
_RECEIVED: Final = frozenset({"conversation.user.created", "conversation.user.replied"})
_SENT: Final = frozenset({"conversation.admin.replied", "conversation.admin.single.created"})
_RATED: Final = "conversation.rating.added"
_CONTACTS: Final = frozenset(
    {"contact.created", "contact.user.created", "contact.lead.created", "contact.signed_up", "contact.lead.signed_up"}
    | {"contact.user.updated", "contact.email.updated", "user.created", "user.email.updated"}
)
_BEST_RATING: Final = 5
_AGENTS: Final = frozenset({"admin", "bot", "team"})


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the app's client secret has signed the body."""
    signature = request.headers.get("x-hub-signature", "")
    genuine = matches_hmac(source.secrets, request.body, signature, "sha1", prefix="sha1=")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a notification, none for topics that are none, such as `ping`."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    touch = _fields(text_of(payload.get("topic")), mapping_of(mapping_of(payload.get("data")).get("item")))
    if touch is None:
        return ()
    event_id, occurred_at_ms = text_of(payload.get("id")), unix_ms(payload.get("created_at"))
    if not event_id or occurred_at_ms is None:
        return Unmappable("a notification lacks its id or created_at")
    common = {"event_id": composed_id(event_id), "occurred_at": occurred_at_ms}
    return [Collected(touch.channel, without_empty({**common, **touch.touch}))]


def _fields(topic: str, item: Mapping[str, object]) -> Collected | None:
    """Return channel and fields by the topic, None for topics that are no touches."""
    if topic in _RECEIVED | _SENT:
        return _message(topic in _SENT, item)
    if topic == _RATED:
        return _rating(item)
    return _contact(item) if topic in _CONTACTS else None


def _message(by_admin: bool, item: Mapping[str, object]) -> Collected:
    """Return the message of the last part of a conversation, or of its beginning."""
    parts = objects_of(mapping_of(item.get("conversation_parts")).get("conversation_parts"))
    last = parts[-1] if parts else mapping_of(item.get("source"))
    author = mapping_of(last.get("author"))
    agent = label_of(author.get("email")) or label_of(author.get("name"))
    return Collected(
        "messages",
        {
            "type": "sent" if by_admin else "received",
            "network": _DESK,
            "conversation_id": id_of(item.get("id")),
            "agent": agent if by_admin else "",
            "text": message_of_html(last.get("body")),
            **_customer_of(item, author),
        },
    )


def _rating(item: Mapping[str, object]) -> Collected:
    rating = mapping_of(item.get("conversation_rating"))
    score = rating.get("rating")
    is_score = isinstance(score, int) and not isinstance(score, bool) and 0 <= score <= _BEST_RATING
    return Collected(
        "feedback",
        {
            "type": "given",
            "score": score if is_score else None,
            "scale": _BEST_RATING if is_score else None,
            "text": message_of(rating.get("remark")),
            "survey": "csat",
            "ticket_id": id_of(item.get("id")),
            **_customer_of(item, {}),
        },
    )


def _contact(item: Mapping[str, object]) -> Collected:
    person = person_of(_DESK, item.get("id"), item.get("email"), item.get("phone"), item.get("external_id"))
    return contact_touch(person, name=item.get("name"))


def _customer_of(item: Mapping[str, object], author: Mapping[str, object]) -> dict[str, object]:
    """Return the identifiers of the customer: the author of the part, or the first contact of the conversation."""
    contacts = objects_of(mapping_of(item.get("contacts")).get("contacts"))
    contact = contacts[0] if contacts else {}
    customer = {} if text_of(author.get("type")) in _AGENTS else author
    desk_id = id_of(contact.get("id")) or customer.get("id")
    return person_of(_DESK, desk_id, customer.get("email"), customer_id=contact.get("external_id"))


PROVIDER: Final = Provider(_DESK, verify, map_request)
