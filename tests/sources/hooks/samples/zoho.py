"""Zoho CRM: samples of notifications."""

from json import dumps, loads

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import Sample, Webhooks

NOTIFICATION = {
    "server_time": 1_796_097_600_123,
    "module": "Contacts",
    "resource_uri": "https://crm.example.org/crm/v8/Contacts",
    "ids": ["3652397000000624046"],
    "operation": "update",
    "channel_id": "1000000068001",
}


def notification(**changed: object) -> dict[str, object]:
    return {**NOTIFICATION, **changed}


def touch(record_id: str = "3652397000000624046", operation: str = "update", **fields: object) -> Collected:
    return Collected(
        "visits",
        {
            "event_id": f"zoho:1000000068001:{record_id}:{operation}:1796097600123",
            "type": "identify",
            "occurred_at": 1_796_097_600_123,
            "ids": {"crm": f"zcrm_{record_id}"},
            **fields,
        },
    )


def sign(request: HookRequest, secret: str) -> HookRequest:
    return request._replace(body=dumps({**loads(request.body), "token": secret}).encode())


VALUES = {"Email": "ada@example.org", "Mobile": "+4930901820", "First_Name": "Ada"}

WEBHOOKS = Webhooks(
    sign,
    (
        Sample("a contact", notification(), [touch()]),
        Sample("a lead", notification(module="Leads", operation="insert"), [touch(operation="insert")]),
        Sample("several contacts", notification(ids=["1", "2"]), [touch("1"), touch("2")]),
        Sample(
            "changed values",
            notification(affected_values=[{"record_id": "3652397000000624046", "values": VALUES}]),
            [touch(email="ada@example.org", phone="+4930901820", properties={"traits": {"first_name": "Ada"}})],
        ),
        Sample("a deleted contact", notification(operation="delete"), []),
        Sample("another module", notification(module="Deals"), []),
        Sample("no time", notification(server_time=None), Unmappable("a notification lacks its server_time or ids")),
        Sample("no ids", notification(ids=None), Unmappable("a notification lacks its server_time or ids")),
    ),
    covers_body=False,
)
