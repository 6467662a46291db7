"""RingCentral: samples of telephony sessions."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

CUSTOMER = {"phoneNumber": "+4930901820", "name": "Ada"}
AGENT = {"phoneNumber": "+493012345", "name": "Kim", "extensionId": "101"}


def party(code: str = "Disconnected", **changed: object) -> dict[str, object]:
    ended = {"id": "p-1", "direction": "Inbound", "from": CUSTOMER, "to": AGENT, "missedCall": False}
    return {**ended, "status": {"code": code, "reason": changed.pop("reason", None)}, **changed}


def payload(*parties: object, **session: object) -> dict[str, object]:
    body = {
        "sequence": 7,
        "sessionId": "9000",
        "telephonySessionId": "s-a1b2c3",
        "eventTime": "2026-12-01T04:00:00.000Z",
        "parties": list(parties),
    }
    return {
        "uuid": "7000",
        "event": "/restapi/v1.0/account/1/telephony/sessions",
        "timestamp": "2026-12-01T04:03:05Z",
        "body": {**body, **session},
    }


def call(**changed: object) -> list[Collected]:
    touch = {
        "event_id": "s-a1b2c3",
        "revision": {"missed": 0, "voicemail": 1}.get(str(changed.get("type")), 2),
        "type": "answered",
        "occurred_at": 1_796_097_600_000,
        "direction": "inbound",
        "phone": "+4930901820",
        "agent": "Kim",
        "queue": "+493012345",
        **changed,
    }
    return [Collected("calls", touch)]


def sign(request: HookRequest, secret: str) -> HookRequest:
    return with_headers(request, verification_token=secret)


OUTBOUND = {"direction": "Outbound", "from": AGENT, "to": CUSTOMER}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a call", payload(party()), call()),
        Sample("a finished call", payload(party(reason="CallFinished")), call(outcome="CallFinished")),
        Sample("an outbound call", payload(party(**OUTBOUND)), call(direction="outbound")),
        Sample("a missed call", payload(party(missedCall=True)), call(type="missed")),
        Sample(
            "an outbound call without an answer",
            payload(party(**OUTBOUND, reason="NoAnswer")),
            call(direction="outbound", type="missed", outcome="NoAnswer"),
        ),
        Sample("a voicemail", payload(party("VoiceMail")), call(type="voicemail")),
        *(
            Sample(f"a party that is in {code}", payload(party(code)), [])
            for code in ("Setup", "Proceeding", "Answered", "Hold", "Parked")
        ),
        *(
            Sample(f"a party that another replaces: {reason}", payload(party(reason=reason)), [])
            for reason in ("AgentAnswered", "BlindTransfer", "Cancelled")
        ),
        Sample("a session with several parties", payload(party("Answered"), party()), call()),
        Sample("a call between extensions", payload(party(**{"from": {"extensionId": "102"}})), []),
        Sample(
            "another creation time",
            payload(party(), creationTime="2026-12-01T04:00:01Z"),
            call(occurred_at=1_796_097_601_000),
        ),
        Sample(
            "no session",
            payload(party(), telephonySessionId=None),
            Unmappable("a session lacks its telephonySessionId, or a creationTime, eventTime or timestamp"),
        ),
        Sample("a reminder of the subscription", {"event": "/restapi/v1.0/subscription/1", "body": {}}, []),
    ),
    covers_body=False,
)
