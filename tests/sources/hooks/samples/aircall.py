"""Aircall: samples of calls."""

from json import dumps, loads

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks

CALL = {
    "id": 871_001,
    "direction": "inbound",
    "status": "done",
    "raw_digits": "+49 30 901820",
    "started_at": 1_796_097_600,
    "answered_at": 1_796_097_612,
    "ended_at": 1_796_097_796,
    "duration": 196,
    "voicemail": None,
    "missed_call_reason": None,
    "user": {"id": 1, "name": "Kim", "email": "kim@shop.example.org"},
    "number": {"id": 2, "name": "Sales", "digits": "+49 30 12345"},
}
MISSED = {"answered_at": None, "ended_at": 1_796_097_620, "user": None}


def payload(event: str = "call.ended", **changed: object) -> dict[str, object]:
    return {"resource": "call", "event": event, "timestamp": 1_796_097_826, "data": {**CALL, **changed}}


def call(**changed: object) -> list[Collected]:
    touch = {
        "event_id": "aircall:871001",
        "type": "answered",
        "occurred_at": 1_796_097_600_000,
        "direction": "inbound",
        "phone": "+49 30 901820",
        "duration_s": 184.0,
        "wait_s": 12.0,
        "agent": "kim@shop.example.org",
        "queue": "Sales",
        **changed,
    }
    return [Collected("calls", {name: value for name, value in touch.items() if value is not None})]


def missed(kind: str, reason: str | None) -> list[Collected]:
    return call(type=kind, duration_s=None, wait_s=20.0, agent=None, outcome=reason)


def sign(request: HookRequest, secret: str) -> HookRequest:
    payload = loads(request.body)
    return request._replace(body=dumps({**payload, "token": secret}).encode())


WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a call", payload(), call()),
        Sample("an outbound call", payload(direction="outbound"), call(direction="outbound")),
        Sample("a voicemail", payload(**MISSED, voicemail="https://media.example.org/1"), missed("voicemail", None)),
        *(
            Sample(f"missed: {reason}", payload(**MISSED, missed_call_reason=reason), missed("missed", reason))
            for reason in ("no_available_agent", "agents_did_not_answer", "out_of_opening_hours")
        ),
        *(
            Sample(f"abandoned: {reason}", payload(**MISSED, missed_call_reason=reason), missed("abandoned", reason))
            for reason in ("abandoned_in_ivr", "abandoned_in_classic", "short_abandoned")
        ),
        *(
            Sample(f"the event {event}", payload(event), [])
            for event in ("call.created", "call.answered", "call.hungup", "call.tagged", "contact.created")
        ),
        Sample("no start", payload(started_at=None), Unmappable("a call lacks its id, direction or started_at")),
    ),
    covers_body=False,
)
