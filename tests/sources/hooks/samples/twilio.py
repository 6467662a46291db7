"""Twilio: samples of status callbacks."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

CALL = {
    "AccountSid": "AC00000000000000000000000000000000",
    "CallSid": "CA11111111111111111111111111111111",
    "CallStatus": "completed",
    "CallDuration": "184",
    "Direction": "inbound",
    "From": "+4930901820",
    "To": "+493012345",
    "Timestamp": "Tue, 01 Dec 2026 04:03:04 +0000",
    "SequenceNumber": "2",
}
OWN = {"own_numbers": "+493012345,+493012346"}


def fields(**changed: str | None) -> list[tuple[str, str]]:
    return [(name, value) for name, value in {**CALL, **changed}.items() if value is not None]


def call(**changed: object) -> list[Collected]:
    touch = {
        "event_id": "CA11111111111111111111111111111111",
        "type": "answered",
        "occurred_at": 1_796_097_600_000,
        "direction": "inbound",
        "phone": "+4930901820",
        "duration_s": 184,
        "outcome": "completed",
        "queue": "+493012345",
        **changed,
    }
    return [Collected("calls", {name: value for name, value in touch.items() if value is not None})]


def sign(request: HookRequest, secret: str, algorithm: str = "sha1") -> HookRequest:
    pairs = sorted(set(request.form_fields()))
    signed = request.url + "".join(name + value for name, value in pairs)
    return with_headers(request, x_twilio_signature=hmac_base64(secret, signed.encode(), algorithm))


OUTBOUND = {"Direction": "outbound-api", "From": "+493012345", "To": "+4930901820"}
UNANSWERED = {**OUTBOUND, "CallDuration": "0", "Timestamp": "Tue, 01 Dec 2026 04:00:00 +0000"}
CHILD = {"ParentCallSid": "CA0", "Direction": "outbound-dial"}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a call", fields(), call()),
        Sample("a call that goes on", fields(CallStatus="in-progress"), []),
        Sample("an outbound call", fields(**OUTBOUND), call(direction="outbound")),
        Sample(
            "a call to a machine",
            fields(**OUTBOUND, AnsweredBy="machine_end_beep"),
            call(direction="outbound", type="voicemail", duration_s=None),
        ),
        Sample("a call to a person", fields(**OUTBOUND, AnsweredBy="human"), call(direction="outbound")),
        *(
            Sample(
                f"a call that was {status}",
                fields(**UNANSWERED, CallStatus=status),
                call(direction="outbound", type="missed", duration_s=None, outcome=status),
            )
            for status in ("busy", "no-answer", "canceled", "failed")
        ),
        Sample("a customer passed on to an agent", fields(**CHILD, To="+493012346"), [], options=OWN),
        Sample("a leg without knowing own numbers", fields(**CHILD), []),
        Sample(
            "a customer called from a browser",
            fields(**CHILD, From="+493012345", To="+4930901820"),
            call(direction="outbound"),
            options=OWN,
        ),
        Sample("the call of an agent's browser", fields(From="client:kim"), []),
        Sample("a call between own numbers", fields(From="+493012346"), [], options=OWN),
        Sample("a message", [("MessageSid", "SM1"), ("MessageStatus", "sent")], []),
        Sample("no time", fields(Timestamp=None), Unmappable("a call that has ended lacks its Timestamp")),
        Sample("no call", [("Event", "other")], Unmappable("no CallSid among the fields")),
    ),
)
