"""Help Scout: messages of conversations, ratings and customers.

Format: developer.helpscout.com/webhooks; the event is named by the header `X-HelpScout-Event` alone. Help Scout
documents no tolerance of time. A request has no id, so that of a touch is composed of the event, the object and the
time of its last change.
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
from sources.payloads.event_times import iso_ms
from sources.payloads.shown_texts import label_of, line_of, message_of, message_of_html

_DESK: Final = "helpscout"
_EVENT: Final = "x-helpscout-event"
_MESSAGES: Final = {
    "convo.created": "received",
    "convo.customer.reply.created": "received",
    "convo.agent.reply.created": "sent",
}
_RATINGS: Final = {"great": 3, "okay": 2, "bad": 1}
_THREADS: Final = {"received": frozenset({"customer", "chat", "beaconchat", "phone"}), "sent": frozenset({"message"})}
"""Types of threads that hold a message; others are notes for agents, and changes of the conversation."""
_TIMES: Final = ("userUpdatedAt", "modifiedAt", "updatedAt", "createdAt")


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the webhook's secret has signed the body."""
    signature = request.headers.get("x-helpscout-signature", "")
    genuine = matches_hmac(source.secrets, request.body, signature, "sha1", "base64")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of an event, none for events that are none."""
    event = request.headers.get(_EVENT, "")
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    if not event:
        return Unmappable("the header X-HelpScout-Event is missing")
    touch = _fields(event, payload)
    if touch is None:
        return ()
    object_id, times = id_of(payload.get("id")), [iso_ms(payload.get(name)) for name in _TIMES]
    occurred_at_ms = next((time for time in times if time is not None), None)
    if object_id in (None, "") or occurred_at_ms is None:
        return Unmappable("the object lacks its id, or a time such as userUpdatedAt")
    common = {
        "event_id": composed_id(_DESK, event, object_id, occurred_at_ms),
        "occurred_at": occurred_at_ms,
    }
    return [Collected(touch.channel, without_empty({**common, **touch.touch}))]


def _fields(event: str, payload: Mapping[str, object]) -> Collected | None:
    """Return channel and fields by the event, None for events that are no touches."""
    if event in _MESSAGES:
        by_customer = mapping_of(payload.get("createdBy")).get("type") in (None, "customer")
        kind = _MESSAGES[event] if event != "convo.created" or by_customer else "sent"
        return _message(kind, payload)
    if event == "convo.status":
        return _ticket(payload) if payload.get("status") == "closed" else None
    if event == "satisfaction.ratings":
        return _rating(payload)
    if event in ("customer.created", "customer.updated"):
        names = {"first_name": payload.get("firstName"), "last_name": payload.get("lastName")}
        return contact_touch(_customer_of(payload), **names)
    return None


def _message(kind: str, conversation: Mapping[str, object]) -> Collected:
    """Return the newest message of a conversation, whose threads come newest first."""
    threads = objects_of(mapping_of(conversation.get("_embedded")).get("threads"))
    written = [one for one in threads if text_of(one.get("type")) in _THREADS[kind]]
    thread = next((one for one in written if one.get("body")), {})
    author = mapping_of(thread.get("createdBy"))
    return Collected(
        "messages",
        {
            "type": kind,
            "network": _DESK,
            "conversation_id": id_of(conversation.get("id")),
            "agent": label_of(author.get("email")) if kind == "sent" else "",
            "text": message_of_html(thread.get("body")),
            **_customer_of(mapping_of(conversation.get("primaryCustomer"))),
            "properties": without_empty({"subject": line_of(conversation.get("subject"))}),
        },
    )


def _ticket(conversation: Mapping[str, object]) -> Collected:
    return Collected(
        "tickets",
        {
            "type": "closed",
            "ticket_id": id_of(conversation.get("id")),
            "subject": line_of(conversation.get("subject")),
            "agent": label_of(mapping_of(conversation.get("assignee")).get("email")),
            **_customer_of(mapping_of(conversation.get("primaryCustomer"))),
        },
    )


def _rating(rating: Mapping[str, object]) -> Collected:
    score = _RATINGS.get(text_of(rating.get("rating")).lower())
    return Collected(
        "feedback",
        {
            "type": "given",
            "score": score,
            "scale": None if score is None else max(_RATINGS.values()),
            "text": message_of(rating.get("comments")),
            "survey": "csat",
            "ticket_id": id_of(rating.get("ticketId")) or id_of(rating.get("conversationId")),
            **_customer_of(mapping_of(rating.get("customer"))),
        },
    )


def _customer_of(customer: Mapping[str, object]) -> dict[str, object]:
    """Return the identifiers of a customer, whose addresses are listed in one of three places."""
    embedded = mapping_of(customer.get("_embedded"))
    emails = [*objects_of(customer.get("emails")), *objects_of(embedded.get("emails"))]
    phones = [*objects_of(customer.get("phones")), *objects_of(embedded.get("phones"))]
    email = text_of(customer.get("email")) or next((one.get("value") for one in emails), "")
    return person_of(_DESK, customer.get("id"), email, next((one.get("value") for one in phones), ""))


PROVIDER: Final = Provider(_DESK, verify, map_request, kept_headers=(_EVENT,))
