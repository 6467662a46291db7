"""Aircall: calls that have ended.

Format: developer.aircall.io/api-references. There is no signature: each body has the `token` of its webhook. The
length that Aircall gives includes the ringing, so it is computed of the times.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, mapping_of, text_of, without_empty
from sources.payloads.event_times import MS_PER_S, unix_ms
from sources.payloads.shown_texts import label_of

_ABANDONED: Final = frozenset({"abandoned_in_ivr", "abandoned_in_classic", "short_abandoned"})


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the body has the webhook's token."""
    payload = read_object(request.body)
    token = "" if isinstance(payload, Unmappable) else text_of(payload.get("token"))
    return Verdict.GENUINE if matches_secret(source.secrets, token) else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a call that has ended; other events are none."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    if payload.get("event") != "call.ended":
        return ()
    call = mapping_of(payload.get("data"))
    call_id, direction, started_at_ms = id_of(call.get("id")), call.get("direction"), unix_ms(call.get("started_at"))
    if call_id in (None, "") or direction not in ("inbound", "outbound") or started_at_ms is None:
        return Unmappable("a call lacks its id, direction or started_at")
    answered_at_ms, ended_at_ms = unix_ms(call.get("answered_at")), unix_ms(call.get("ended_at"))
    user, number = mapping_of(call.get("user")), mapping_of(call.get("number"))
    return [
        Collected(
            "calls",
            without_empty(
                {
                    "event_id": composed_id("aircall", call_id),
                    "type": _type_of(call),
                    "occurred_at": started_at_ms,
                    "direction": direction,
                    "phone": text_of(call.get("raw_digits")),
                    "duration_s": _seconds(answered_at_ms, ended_at_ms),
                    "wait_s": _seconds(started_at_ms, answered_at_ms or ended_at_ms),
                    "outcome": label_of(call.get("missed_call_reason")),
                    "agent": label_of(user.get("email")) or label_of(user.get("name")),
                    "queue": label_of(number.get("name")) or label_of(number.get("digits")),
                }
            ),
        )
    ]


def _type_of(call: Mapping[str, object]) -> str:
    if unix_ms(call.get("answered_at")) is not None:
        return "answered"
    if call.get("voicemail"):
        return "voicemail"
    return "abandoned" if text_of(call.get("missed_call_reason")) in _ABANDONED else "missed"


def _seconds(from_ms: int | None, until_ms: int | None) -> float | None:
    """Return the seconds between two times, None if one is unknown or they are in the wrong order."""
    return (until_ms - from_ms) / MS_PER_S if from_ms and until_ms and until_ms >= from_ms else None


PROVIDER: Final = Provider("aircall", verify, map_request)
