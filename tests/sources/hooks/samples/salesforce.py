"""Salesforce: samples of outbound messages."""

from xml.sax.saxutils import escape

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">'
    "<OrganizationId>00Dxx0000001gPFEAY</OrganizationId><ActionId>04kxx0000000001AAA</ActionId>"
    "<SessionId>00Dxx0000001gPF!AQ4AQ.live.credential</SessionId>"
    "<EnterpriseUrl>https://example.my.salesforce.com/services/Soap/c/60.0</EnterpriseUrl>"
)
TAIL = "</notifications></soapenv:Body></soapenv:Envelope>"
TIMES = {"CreatedDate": "2026-12-01T04:00:00.000Z", "LastModifiedDate": "2026-12-01T05:00:00.000Z"}
CREATED_MS, CHANGED_MS = 1_796_097_600_000, 1_796_101_200_000


def notification(kind: str, **fields: str) -> str:
    members = "".join(f"<sf:{name}>{escape(value)}</sf:{name}>" for name, value in fields.items())
    sobject = f'<sObject xsi:type="sf:{kind}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">{members}</sObject>'
    return f"<Notification><Id>04lxx0000000001AAA</Id>{sobject}</Notification>"


def message(*notifications: str) -> bytes:
    return "".join((HEAD, *notifications, TAIL)).encode()


def touch(channel: str, event_id: str, occurred_at_ms: int, **fields: object) -> Collected:
    return Collected(channel, {"event_id": event_id, "occurred_at": occurred_at_ms, **fields})


def sign(request: HookRequest, secret: str) -> HookRequest:
    return request._replace(query={"token": secret})


CONTACT = {"Id": "003A", "Email": "ada@example.org", "Phone": "+4930901820", "FirstName": "Ada & Co"}
CONTACT_TOUCH = touch(
    "visits",
    f"003A:identify:{CHANGED_MS}",
    CHANGED_MS,
    type="identify",
    email="ada@example.org",
    phone="+4930901820",
    ids={"crm": "003A"},
    properties={"traits": {"first_name": "Ada & Co"}},
)
CASE = {
    "Id": "500A",
    "CaseNumber": "00001026",
    "ContactId": "003A",
    "SuppliedEmail": "ada@example.org",
    "Subject": "Where is it?",
    "Priority": "High",
    "Status": "New",
}
CASE_FIELDS = {
    "ticket_id": "00001026",
    "email": "ada@example.org",
    "ids": {"crm": "003A"},
    "subject": "Where is it?",
    "priority": "High",
}
LACKING = Unmappable("a record lacks its type, Id or LastModifiedDate: add the fields to the outbound message")

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a contact", message(notification("Contact", **CONTACT, **TIMES)), [CONTACT_TOUCH]),
        Sample(
            "an organisation of 15 characters",
            message(notification("Contact", **CONTACT, **TIMES)),
            [CONTACT_TOUCH],
            options={"organization_id": "00Dxx0000001gPF"},
        ),
        Sample(
            "a lead",
            message(notification("Lead", Id="00QA", Company="Engines", SystemModstamp=TIMES["LastModifiedDate"])),
            [
                touch(
                    "visits",
                    f"00QA:identify:{CHANGED_MS}",
                    CHANGED_MS,
                    type="identify",
                    ids={"crm": "00QA"},
                    properties={"traits": {"company": "Engines"}},
                )
            ],
        ),
        Sample(
            "a case",
            message(notification("Case", **CASE, **TIMES)),
            [touch("tickets", "500A:opened", CREATED_MS, type="opened", **CASE_FIELDS)],
        ),
        Sample(
            "a closed case",
            message(notification("Case", **{**CASE, "IsClosed": "true"}, ClosedDate="2026-12-01T04:30:00Z", **TIMES)),
            [touch("tickets", "500A:closed:1796099400000", 1_796_099_400_000, type="closed", **CASE_FIELDS)],
        ),
        Sample(
            "a meeting",
            message(
                notification(
                    "Event",
                    Id="00UA",
                    WhoId="003A",
                    Subject="First talk",
                    StartDateTime="2026-12-03T10:00:00Z",
                    DurationInMinutes="30",
                    **TIMES,
                )
            ),
            [
                touch(
                    "meetings",
                    "00UA:booked",
                    CREATED_MS,
                    type="booked",
                    meeting_id="00UA",
                    title="First talk",
                    starts_at=1_796_292_000_000,
                    duration_s=1_800,
                    ids={"crm": "003A"},
                )
            ],
        ),
        Sample(
            "an order",
            message(
                notification(
                    "Order", Id="801A", OrderNumber="00000100", TotalAmount="25.9", BillToContactId="003A", **TIMES
                )
            ),
            [
                touch(
                    "orders",
                    "801A:placed",
                    CREATED_MS,
                    type="placed",
                    order_id="00000100",
                    total="25.9",
                    ids={"crm": "003A"},
                )
            ],
        ),
        Sample(
            "another record",
            message(notification("Opportunity", Id="006A", StageName="Won", **TIMES)),
            [
                touch(
                    "visits",
                    f"006A:custom:{CHANGED_MS}",
                    CHANGED_MS,
                    type="custom",
                    name="Opportunity",
                    properties={"Id": "006A", "StageName": "Won", **TIMES},
                )
            ],
        ),
        Sample(
            "several records",
            message(notification("Contact", **CONTACT, **TIMES), notification("Case", **CASE, **TIMES)),
            [CONTACT_TOUCH, touch("tickets", "500A:opened", CREATED_MS, type="opened", **CASE_FIELDS)],
        ),
        Sample("no record", message(), []),
        Sample("no time", message(notification("Contact", **CONTACT)), LACKING),
        Sample("no type", message(notification("", **CONTACT, **TIMES)), LACKING),
    ),
    covers_body=False,
)
