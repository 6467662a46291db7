"""HubSpot: samples of events."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import Sample, Webhooks, with_headers

EVENT = {
    "eventId": 100,
    "subscriptionId": 200,
    "portalId": 33,
    "occurredAt": 1_796_097_600_123,
    "subscriptionType": "contact.creation",
    "attemptNumber": 0,
    "objectId": 51,
    "changeSource": "CRM",
}


def event(kind: str, **changed: object) -> dict[str, object]:
    return {**EVENT, "subscriptionType": kind, **changed}


def touch(channel: str, **fields: object) -> Collected:
    common = {"event_id": "hubspot:100:200:51:1796097600123", "occurred_at": 1_796_097_600_123}
    return Collected(channel, {**common, **fields})


def changed(name: str, value: str, **contact: str) -> Sample:
    payload = [event("contact.propertyChange", propertyName=name, propertyValue=value)]
    person = {"type": "identify", "ids": {"crm": 51}, **contact, "properties": {"traits": {name: value}}}
    return Sample(f"a contact with another {name}", payload, [touch("visits", **person)])


def stage(value: str, touches: list[Collected], **options: str) -> Sample:
    payload = [event("ticket.propertyChange", propertyName="hs_pipeline_stage", propertyValue=value)]
    return Sample(f"a ticket in stage {value} {options}", payload, touches, options=options)


def sign(request: HookRequest, secret: str) -> HookRequest:
    time = str(request.received_at_ms)
    signed = f"{request.method}{request.url}".encode() + request.body + time.encode()
    return with_headers(request, x_hubspot_request_timestamp=time, x_hubspot_signature_v3=hmac_base64(secret, signed))


CREATED = touch("visits", type="identify", ids={"crm": 51})
CLOSED = touch("tickets", type="closed", ticket_id=51)

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a contact", [event("contact.creation")], [CREATED]),
        Sample("a repeated attempt", [event("contact.creation", attemptNumber=3)], [CREATED]),
        changed("email", "ada@example.org", email="ada@example.org"),
        changed("mobilephone", "+4930901820", phone="+4930901820"),
        changed("firstname", "Ada"),
        Sample("a ticket", [event("ticket.creation")], [touch("tickets", type="opened", ticket_id=51)]),
        stage("4", [CLOSED]),
        stage("2", []),
        stage("9", [CLOSED], closed_stages="8, 9"),
        stage("4", [], closed_stages="8, 9"),
        Sample(
            "a deal",
            [event("deal.creation")],
            [touch("visits", type="custom", name="Deal created", properties={"deal": 51})],
        ),
        Sample(
            "a deal in another stage",
            [event("deal.propertyChange", propertyName="dealstage", propertyValue="won")],
            [touch("visits", type="custom", name="Deal changed", properties={"deal": 51, "stage": "won"})],
        ),
        Sample(
            "several",
            [event("contact.creation"), event("contact.deletion"), event("ticket.creation")],
            [CREATED, touch("tickets", type="opened", ticket_id=51)],
        ),
        Sample("other events", [event("company.creation"), event("deal.propertyChange", propertyName="amount")], []),
        Sample("none", [], []),
        Sample(
            "no time",
            [event("contact.creation", occurredAt=None)],
            Unmappable("an event lacks its objectId or occurredAt"),
        ),
    ),
    tolerance_s=300,
)
