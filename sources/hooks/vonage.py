"""Vonage: events of the Voice API.

Format: developer.vonage.com/en/voice/voice-api/webhook-reference; signature: developer.vonage.com/en/getting-started/
concepts/webhooks. A JWT in the header is signed with the account's signature secret, and its `payload_hash` is the
SHA-256 of the body. Signed webhooks have to be switched on for older applications.

A touch is made of the last state of a leg; that a machine answered is reported before, and is a higher revision of the
touch, since the last state does not repeat it. Numbers come without their `+`.

Options: `own_numbers`; legs that call one of them are no touches.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Final

import jwt
from jwt.types import Options

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.own_numbers import OPTION, is_own, with_plus
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import text_of, without_empty
from sources.payloads.event_times import iso_ms
from sources.payloads.shown_texts import label_of

_MISSED: Final = frozenset({"unanswered", "timeout", "rejected", "busy", "cancelled", "failed"})
_WITHOUT_CLOCK: Final[Options] = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
_LONGEST_CALL_S: Final = 7 * 86_400


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the token is signed with one of the secrets, and for this body.

    Vonage documents no tolerance of time.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return Verdict.FORGED
    digest = sha256(request.body).hexdigest().encode()
    genuine = False
    for secret in source.secrets:
        given = text_of(_claims_of(token.strip(), secret).get("payload_hash"))
        genuine |= compare_digest(digest, given.lower().encode("utf-8", "surrogatepass"))
    return Verdict.GENUINE if genuine else Verdict.FORGED


def _claims_of(token: str, secret: str) -> Mapping[str, object]:
    """Return the claims of a token that is signed with the secret, none for any other token."""
    try:
        return jwt.decode(token, secret, algorithms=["HS256"], options=_WITHOUT_CLOCK) if secret else {}
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return {}


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a leg that has ended."""
    event = read_object(request.body)
    if isinstance(event, Unmappable):
        return event
    status, direction = text_of(event.get("status")), text_of(event.get("direction"))
    duration_s = _seconds(event.get("duration"))
    kind = _type_of(status, duration_s)
    if not kind or direction not in ("inbound", "outbound"):
        return ()
    customer, line = text_of(event.get("from")), text_of(event.get("to"))
    if direction == "outbound":
        customer, line = line, customer
    if is_own(customer, source.options):
        return ()
    leg, occurred_at_ms = text_of(event.get("uuid")), iso_ms(event.get("start_time")) or iso_ms(event.get("timestamp"))
    if not leg or occurred_at_ms is None:
        return Unmappable("a leg that has ended lacks its uuid, or a start_time or timestamp")
    return [
        Collected(
            "calls",
            without_empty(
                {
                    "event_id": composed_id(leg),
                    "revision": 1 if kind == "voicemail" else 0,
                    "type": kind,
                    "occurred_at": occurred_at_ms,
                    "direction": direction,
                    "phone": with_plus(customer),
                    "duration_s": duration_s if kind == "answered" else None,
                    "outcome": label_of(status),
                    "queue": label_of(with_plus(line)),
                    "properties": without_empty({"conversation_uuid": text_of(event.get("conversation_uuid"))}),
                }
            ),
        )
    ]


def _type_of(status: str, duration_s: int) -> str:
    """Return the type of a touch, '' for states that tell no end. A completed leg of no length was not answered."""
    if status == "completed":
        return "answered" if duration_s else "missed"
    return "voicemail" if status == "machine" else "missed" if status in _MISSED else ""


def _seconds(value: object) -> int:
    """Return the seconds of a duration, which comes as text."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else text_of(value)
    return min(int(text), _LONGEST_CALL_S) if text.isascii() and text.isdigit() and len(text) < 10 else 0


PROVIDER: Final = Provider("vonage", verify, map_request, options=(OPTION,))
