"""Presets of Salesforce: CSV of Data Export or Data Loader, whose columns are the API names of the objects' fields.

Source: developer.salesforce.com, "Object Reference": Contact, Lead, Task, Event, EmailMessage. Both write `true` and
`false`, or 1 and 0. `WhoId` is the id of a contact or a lead.
"""

from typing import Final

from sources.presets.contacts import contact_preset
from sources.tables.preset import DIRECTIONS, LEFT_OUT, Preset, TypeRule

_CALL: Final = {"TaskSubtype": "Call"}
_TRUE: Final = ("true", "1")

SALESFORCE_CONTACTS: Final = contact_preset(
    "salesforce-contacts",
    (
        ("Id", "ids.crm"),
        ("Email", "email"),
        ("Phone", "phone"),
        ("MobilePhone", "phone"),
        ("LastModifiedDate", "occurred_at"),
        ("CreatedDate", "occurred_at"),
    ),
    {
        "FirstName": "first_name",
        "LastName": "last_name",
        "Title": "title",
        "Company": "company",
        "Status": "status",
        "LeadSource": "lead_source",
        "MailingCity": "city",
        "City": "city",
        "MailingCountry": "country",
        "Country": "country",
    },
)

SALESFORCE_CALLS: Final = Preset(
    # Tasks that are calls; a completed one without a disposition is a conversation that a person has logged. Tasks that
    # no telephone system made have no CallType: `--set direction=outbound` gives theirs.
    name="salesforce-calls",
    channel="calls",
    columns=(
        ("Id", "event_id"),
        ("CompletedDateTime", "occurred_at"),
        ("CreatedDate", "occurred_at"),
        ("WhoId", "ids.crm"),
        ("CallType", "direction"),
        ("CallDurationInSeconds", "duration_s"),
        ("CallDisposition", "outcome"),
        ("OwnerId", "agent"),
    ),
    constants={"source": "salesforce"},
    fallbacks={"occurred_at": "CreatedDate"},
    type_column="TaskSubtype",
    types=(
        TypeRule("missed", {**_CALL, "CallDisposition": "No Answer*"}),
        TypeRule("missed", {**_CALL, "CallDisposition": "Busy*"}),
        TypeRule("voicemail", {**_CALL, "CallDisposition": "Left Voice*"}),
        TypeRule("answered", {**_CALL, "Status": "Completed"}),
        TypeRule(LEFT_OUT, {"TaskSubtype": "*"}),
    ),
    values={"CallType": {**DIRECTIONS, "internal": LEFT_OUT}},
)

SALESFORCE_EMAILS: Final = Preset(
    # EmailMessage. `Incoming` decides the direction, `ToAddress` may be a list, which is refused.
    name="salesforce-emails",
    channel="emails",
    columns=(
        ("Id", "event_id"),
        ("MessageDate", "occurred_at"),
        ("CreatedDate", "occurred_at"),
        ("Incoming", "direction"),
        ("MessageIdentifier", "message_id"),
        ("Subject", "subject"),
    ),
    dropped=frozenset({"TextBody", "HtmlBody"}),
    constants={"source": "salesforce"},
    customer={"inbound": "FromAddress", "outbound": "ToAddress"},
    customer_field="email",
    type_column="Status",
    types=(
        TypeRule(LEFT_OUT, {"Status": "5"}),  # a draft
        *(TypeRule("bounced", {"IsBounced": one}) for one in _TRUE),
        *(TypeRule("received", {"Incoming": one}) for one in _TRUE),
        TypeRule("sent", {}),
    ),
    values={"Incoming": {"true": "inbound", "1": "inbound", "false": "outbound", "0": "outbound"}},
)

SALESFORCE_MEETINGS: Final = Preset(
    # Event, which has no field for what became of it: each is a meeting that was booked when it was created.
    name="salesforce-meetings",
    channel="meetings",
    identity=("type", "meeting_id"),
    columns=(
        ("Id", "meeting_id"),
        ("CreatedDate", "occurred_at"),
        ("WhoId", "ids.crm"),
        ("Subject", "title"),
        ("OwnerId", "host"),
        ("DurationInMinutes", "duration_s"),
        ("StartDateTime", "starts_at"),
    ),
    constants={"source": "salesforce", "type": "booked"},
    type_column="",
    types=(TypeRule("booked", {}),),
    factors={"DurationInMinutes": 60},
)
