"""RingCentral: calls of telephony sessions that have ended.

Format: developers.ringcentral.com/guide/notifications/event-filters/account-telephony-sessions. There is no signature:
each notification has the `verificationToken` of its subscription as a header. A subscription is set up by an echo of
the header `Validation-Token`, within a second, and it expires.

A session has a party for each extension that rings, and the end of each is reported. They are revisions of one touch:
a party that answered outranks a voicemail, and that a party that missed the call.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import iso_ms
from sources.payloads.shown_texts import label_of

_UNANSWERED: Final = frozenset(
    {"NoAnswer", "TargetBusy", "Rejected", "Cancelled", "Timeout", "InvalidNumber", "NoSuchUser", "DestinationBlocked"}
)
"""Reasons for which the other end of an outbound call is disconnected before it answers."""
_FINISHED: Final = frozenset({"", "CallFinished", "CallDropped"})
"""Reasons for which a call ends that was answered; others pass it on to another party."""
_REVISIONS: Final = {"missed": 0, "voicemail": 1, "answered": 2}
_LONGEST_TOKEN: Final = 500


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the notification has the token of the subscription."""
    token = request.headers.get("verification-token", "")
    return Verdict.GENUINE if matches_secret(source.secrets, token) else Verdict.FORGED


def challenge(request: HookRequest, source: HookSource) -> HookAnswer | None:
    """Return the token of a request that sets up a subscription, which has no body to be stored."""
    token = request.headers.get("validation-token", "")
    if not token or len(token) > _LONGEST_TOKEN or not (token.isascii() and token.isprintable()):
        return None
    return HookAnswer(200, headers=((b"validation-token", token.encode()),))


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a session with a party that was disconnected."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    session = mapping_of(payload.get("body"))
    for party in objects_of(session.get("parties")):
        kind, direction = _type_of(party), _DIRECTIONS.get(text_of(party.get("direction")))
        ends = (mapping_of(party.get("from")), mapping_of(party.get("to")))
        customer, own = ends if direction == "inbound" else reversed(ends)
        phone = text_of(customer.get("phoneNumber"))
        if not kind or direction is None or not phone:  # a call between extensions has no number
            continue
        session_id = text_of(session.get("telephonySessionId"))
        times = (session.get("creationTime"), session.get("eventTime"), payload.get("timestamp"))
        occurred_at_ms = next((time for time in map(iso_ms, times) if time is not None), None)
        if not session_id or occurred_at_ms is None:
            return Unmappable("a session lacks its telephonySessionId, or a creationTime, eventTime or timestamp")
        touch = {
            "event_id": composed_id(session_id),
            "revision": _REVISIONS[kind],
            "type": kind,
            "occurred_at": occurred_at_ms,
            "direction": direction,
            "phone": phone,
            "outcome": label_of(mapping_of(party.get("status")).get("reason")),
            "agent": label_of(own.get("name")),
            "queue": label_of(own.get("phoneNumber")),
        }
        return [Collected("calls", without_empty(touch))]
    return ()


_DIRECTIONS: Final = {"Inbound": "inbound", "Outbound": "outbound"}


def _type_of(party: Mapping[str, object]) -> str:
    """Return the type of a touch, '' while the party rings or talks, or if another one goes on with the call."""
    status = mapping_of(party.get("status"))
    code, reason = status.get("code"), text_of(status.get("reason"))
    if code == "VoiceMail":
        return "voicemail"
    if code != "Disconnected":
        return ""
    if party.get("missedCall") is True or (party.get("direction") == "Outbound" and reason in _UNANSWERED):
        return "missed"
    return "answered" if reason in _FINISHED else ""


PROVIDER: Final = Provider("ringcentral", verify, map_request, challenge)
