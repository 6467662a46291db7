"""Zendesk: events of tickets and users, and triggers whose body the administrator writes.

Format of events: developer.zendesk.com/api-reference/webhooks/event-types/ticket-events; signature:
developer.zendesk.com/documentation/webhooks/verifying. Zendesk documents no tolerance of time.

Events of tickets name the requester by Zendesk's id alone, and events of users join it with their address. A trigger
or an automation sends a body in the form of `ticket_template.py`, which can name the address itself, and ratings.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.help_desk_person import contact_touch, person_of
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac
from sources.hooks.ticket_template import touch_of_template
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, mapping_of, text_of, without_empty
from sources.payloads.event_times import iso_ms
from sources.payloads.shown_texts import label_of, line_of, message_of

_DESK: Final = "zendesk"
_EVENT: Final = "zen:event-type:"
_DONE: Final = frozenset({"solved", "closed"})
_NO_ID: Final = "0"  # what events write for an id that is not set
_USERS: Final = frozenset({"user.created", "user.identity_created", "user.external_id_changed", "user.name_changed"})


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the webhook's secret has signed time and body."""
    time = request.headers.get("x-zendesk-webhook-signature-timestamp", "")
    signature = request.headers.get("x-zendesk-webhook-signature", "")
    signed = time.encode("utf-8", "surrogatepass") + request.body
    genuine = bool(time) and matches_hmac(source.secrets, signed, signature, encoding="base64")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of an event or a trigger."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    kind = text_of(payload.get("type"))
    if not kind.startswith(_EVENT):
        touch = touch_of_template(_DESK, payload)
        return touch if isinstance(touch, Unmappable) else [touch]
    fields = _fields(kind.removeprefix(_EVENT), mapping_of(payload.get("detail")), mapping_of(payload.get("event")))
    if fields is None:
        return ()
    event_id, occurred_at_ms = text_of(payload.get("id")), iso_ms(payload.get("time"))
    if not event_id or occurred_at_ms is None:
        return Unmappable("an event lacks its id or time")
    if "ticket_id" in fields.touch and fields.touch["ticket_id"] in ("", None):
        return Unmappable("an event lacks the id of its ticket")
    common = {"event_id": composed_id(event_id), "occurred_at": occurred_at_ms}
    return [Collected(fields.channel, without_empty({**common, **fields.touch}))]


def _fields(kind: str, detail: Mapping[str, object], event: Mapping[str, object]) -> Collected | None:
    """Return channel and fields by the kind of event, None for events that are no touches."""
    if kind in _USERS:
        return _user(detail) if detail.get("role") in (None, "", "end-user") else None
    if kind == "ticket.comment_added":
        return _comment(detail, mapping_of(event.get("comment")))
    if kind == "ticket.created":
        return _ticket("opened", detail)
    if kind == "ticket.status_changed":
        former, current = (text_of(event.get(name)).lower() for name in ("previous", "current"))
        if current in _DONE:
            return _ticket(current, detail)
        return _ticket("reopened", detail) if former in _DONE else None
    return None


def _ticket(kind: str, detail: Mapping[str, object]) -> Collected:
    return Collected(
        "tickets",
        {
            "type": kind,
            "ticket_id": id_of(detail.get("id")),
            "subject": line_of(detail.get("subject")),
            "priority": label_of(detail.get("priority")).lower(),
            "queue": _known(detail.get("group_id")),
            "agent": _known(detail.get("assignee_id")),
            **person_of(_DESK, _known(detail.get("requester_id"))),
            "properties": without_empty({"channel": label_of(mapping_of(detail.get("via")).get("channel"))}),
        },
    )


def _comment(detail: Mapping[str, object], comment: Mapping[str, object]) -> Collected | None:
    """Return the message of a public comment; a private one is for agents."""
    if comment.get("is_public") is not True:
        return None
    author = mapping_of(comment.get("author"))
    by_staff = author.get("is_staff") is True
    return Collected(
        "messages",
        {
            "type": "sent" if by_staff else "received",
            "network": _DESK,
            "conversation_id": id_of(detail.get("id")),
            "agent": label_of(author.get("name")) if by_staff else "",
            "text": message_of(comment.get("body")),
            **person_of(_DESK, _known(detail.get("requester_id") if by_staff else author.get("id"))),
        },
    )


def _user(detail: Mapping[str, object]) -> Collected:
    person = person_of(
        _DESK, _known(detail.get("id")), detail.get("email"), customer_id=text_of(detail.get("external_id"))
    )
    return contact_touch(person, name=detail.get("name"))


def _known(value: object) -> str:
    """Return an id as text, empty if it is not set."""
    text = label_of(value)
    return "" if text == _NO_ID else text


PROVIDER: Final = Provider(_DESK, verify, map_request)
