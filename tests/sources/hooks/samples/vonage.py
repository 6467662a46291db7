"""Vonage: samples of voice events."""

from hashlib import sha256

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import jwt
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

EVENT = {
    "from": "4930901820",
    "to": "493012345",
    "uuid": "aaaaaaaa-0000-4000-8000-0123456789ab",
    "conversation_uuid": "CON-aaaaaaaa-0000-4000-8000-0123456789ab",
    "status": "completed",
    "direction": "inbound",
    "start_time": "2026-12-01T04:00:00.000Z",
    "end_time": "2026-12-01T04:03:04.000Z",
    "duration": "184",
    "rate": "0.01",
    "timestamp": "2026-12-01T04:03:05.120Z",
}


def event(**changed: object) -> dict[str, object]:
    return {**EVENT, **changed}


def call(**changed: object) -> list[Collected]:
    touch = {
        "event_id": "aaaaaaaa-0000-4000-8000-0123456789ab",
        "revision": 1 if changed.get("type") == "voicemail" else 0,
        "type": "answered",
        "occurred_at": 1_796_097_600_000,
        "direction": "inbound",
        "phone": "+4930901820",
        "duration_s": 184,
        "outcome": "completed",
        "queue": "+493012345",
        "properties": {"conversation_uuid": "CON-aaaaaaaa-0000-4000-8000-0123456789ab"},
        **changed,
    }
    return [Collected("calls", {name: value for name, value in touch.items() if value is not None})]


def sign(request: HookRequest, secret: str) -> HookRequest:
    claims = {"iat": request.received_at_ms // 1_000, "payload_hash": sha256(request.body).hexdigest()}
    return with_headers(request, authorization="Bearer " + jwt(secret, claims))


OUTBOUND = {"direction": "outbound", "from": "493012345", "to": "4930901820"}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a call", event(), call()),
        Sample("an outbound call", event(**OUTBOUND), call(direction="outbound")),
        *(
            Sample(
                f"a call that was {status}",
                event(**OUTBOUND, status=status, start_time=None, duration=None, timestamp="2026-12-01T04:00:00Z"),
                call(direction="outbound", type="missed", duration_s=None, outcome=status),
            )
            for status in ("unanswered", "timeout", "rejected", "busy", "cancelled", "failed")
        ),
        Sample(
            "a call to a machine",
            event(**OUTBOUND, status="machine", duration=None, start_time=None, timestamp="2026-12-01T04:00:00Z"),
            call(direction="outbound", type="voicemail", duration_s=None, outcome="machine"),
        ),
        Sample("a call of no length", event(duration="0"), call(type="missed", duration_s=None)),
        *(
            Sample(f"a call that is {status}", event(status=status), [])
            for status in ("started", "ringing", "answered")
        ),
        Sample(
            "a leg to an agent", event(direction="outbound", to="493012346"), [], options={"own_numbers": "493012346"}
        ),
        Sample("another event", {"type": "audio:dtmf"}, []),
        Sample(
            "no time",
            event(start_time=None, timestamp=None),
            Unmappable("a leg that has ended lacks its uuid, or a start_time or timestamp"),
        ),
    ),
)
