"""Dynamics 365: samples of execution contexts."""

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks

RECORD = "6d81597f-0f9f-e711-8122-000d3aa2331c"
PERSON = "75c2dd85-e89e-e711-8122-000d3aa2331c"
OPERATION = "4af10637-4ea2-e711-8122-000d3aa2331c"
ZEROS = "00000000-0000-0000-0000-000000000000"
REFERENCE = "EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts"
CONTACT = {"__type": REFERENCE, "Id": PERSON, "LogicalName": "contact"}


def entity(columns: dict[str, object]) -> dict[str, object]:
    return {"Id": RECORD, "Attributes": [{"key": name, "value": value} for name, value in columns.items()]}


def context(name: str, message: str, columns: dict[str, object], **changed: object) -> dict[str, object]:
    return {
        "MessageName": message,
        "PrimaryEntityName": name,
        "PrimaryEntityId": RECORD,
        "OperationId": OPERATION,
        "CorrelationId": "b374239d-4233-41a9-8b17-a86cb4f737b5",
        "OperationCreatedOn": "/Date(1796097600123-0700)/",
        "InputParameters": [{"key": "Target", "value": entity(columns)}],
        "PostEntityImages": [],
        **changed,
    }


def touch(channel: str, message: str = "Create", **fields: object) -> list[Collected]:
    event_id = f"dynamics:{OPERATION}:{message}:{RECORD}"
    return [Collected(channel, {"event_id": event_id, "occurred_at": 1_796_097_600_123, **fields})]


def state(value: int) -> dict[str, object]:
    return {"statecode": {"__type": "OptionSetValue:http://schemas.microsoft.com/xrm/2011/Contracts", "Value": value}}


def sign(request: HookRequest, secret: str) -> HookRequest:
    return request._replace(query={"code": secret})


PERSONAL = {
    "emailaddress1": "ada@example.org",
    "mobilephone": "+4930901820",
    "firstname": "Ada",
    "modifiedby": {"Id": "x"},
}
IDENTIFIED = {
    "type": "identify",
    "email": "ada@example.org",
    "phone": "+4930901820",
    "ids": {"crm": RECORD},
    "properties": {"traits": {"first_name": "Ada"}},
}
CASE = {"title": "Where is it?", "customerid": CONTACT}
TICKET = {"ticket_id": RECORD, "subject": "Where is it?", "ids": {"crm": PERSON}}
IMAGE = [{"key": "AsynchronousStepPrimaryName", "value": entity({**CASE, **state(1)})}]
CALL = {
    "directioncode": True,
    "phonenumber": "+4930901820",
    "actualdurationminutes": 3,
    "regardingobjectid": CONTACT,
    "subject": "Offer",
    **state(1),
}
CALLED = {
    "direction": "outbound",
    "phone": "+4930901820",
    "duration_s": 180,
    "outcome": "Offer",
    "ids": {"crm": PERSON},
}
MEETING = {
    "subject": "First talk",
    "scheduledstart": "/Date(1796292000000)/",
    "scheduleddurationminutes": 30,
    "regardingobjectid": CONTACT,
}
MET = {
    "meeting_id": RECORD,
    "title": "First talk",
    "starts_at": 1_796_292_000_000,
    "duration_s": 1_800,
    "ids": {"crm": PERSON},
}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a contact", context("contact", "Create", PERSONAL), touch("visits", **IDENTIFIED)),
        Sample("a changed lead", context("lead", "Update", PERSONAL), touch("visits", "Update", **IDENTIFIED)),
        Sample("a case", context("incident", "Create", CASE), touch("tickets", type="opened", **TICKET)),
        *(
            Sample(
                f"a case that is {kind}",
                context("incident", "Update", state(value), PostEntityImages=IMAGE),
                touch("tickets", "Update", type=kind, **TICKET),
            )
            for value, kind in ((0, "reopened"), (1, "solved"), (2, "closed"))
        ),
        Sample(
            "another change of a solved case",
            context("incident", "Update", {"title": "Where was it?"}, PostEntityImages=IMAGE),
            [],
        ),
        Sample("a call", context("phonecall", "Create", CALL), touch("calls", type="answered", **CALLED)),
        Sample(
            "a voicemail",
            context("phonecall", "Create", {**CALL, "leftvoicemail": True}),
            touch("calls", type="voicemail", **CALLED),
        ),
        Sample("a planned call", context("phonecall", "Create", {**CALL, **state(0)}), []),
        Sample("a meeting", context("appointment", "Create", MEETING), touch("meetings", type="booked", **MET)),
        *(
            Sample(
                f"a meeting that was {kind}",
                context("appointment", "Update", {**MEETING, **state(value)}),
                touch("meetings", "Update", type=kind, **MET),
            )
            for value, kind in ((1, "held"), (2, "cancelled"))
        ),
        Sample(
            "an order",
            context("salesorder", "Create", {"totalamount": {"Value": 25.9}, "customerid": CONTACT}),
            touch("orders", type="placed", order_id=RECORD, total="25.9", ids={"crm": PERSON}),
        ),
        Sample(
            "a cancelled order",
            context("salesorder", "Update", state(2)),
            touch("orders", "Update", type="cancelled", order_id=RECORD),
        ),
        Sample("a deleted contact", context("contact", "Delete", {}), []),
        Sample("another table", context("account", "Create", {}), []),
        Sample(
            "a synchronous step",
            context("salesorder", "Update", state(2), OperationId=ZEROS, CorrelationId=OPERATION),
            touch("orders", "Update", type="cancelled", order_id=RECORD),
        ),
        Sample(
            "an emptied body",
            context("contact", "Create", {}, InputParameters=None),
            Unmappable("the body was emptied, since it exceeded 256 kB: select fewer columns of contact"),
            headers={"x-ms-dynamics-msg-size-exceeded": "true"},
        ),
        Sample(
            "no time",
            context("contact", "Create", {}, OperationCreatedOn=None),
            Unmappable("the context lacks its PrimaryEntityId, OperationId or OperationCreatedOn"),
        ),
    ),
    covers_body=False,
)
