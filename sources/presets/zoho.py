"""Presets of Zoho CRM: exports and backups as CSV, with the labels of fields.

Source: help.zoho.com, "Standard Modules & Fields". The id of a record that a field refers to is in a column such as
`Contact Name.id`. Times are local unless they have a zone: give `--zone`.
"""

from typing import Final

from sources.presets.contacts import contact_preset
from sources.tables.preset import DIRECTIONS, LEFT_OUT, Preset, TypeRule

ZOHO: Final = {"source": "zoho"}

ZOHO_CONTACTS: Final = contact_preset(
    "zoho-contacts",
    (
        ("Record Id", "ids.crm"),
        ("Email", "email"),
        ("Phone", "phone"),
        ("Mobile", "phone"),
        ("Modified Time", "occurred_at"),
        ("Created Time", "occurred_at"),
    ),
    {
        "First Name": "first_name",
        "Last Name": "last_name",
        "Title": "title",
        "Account Name": "company",
        "Company": "company",
        "Lead Source": "lead_source",
        "Lead Status": "lead_status",
        "Mailing City": "city",
        "City": "city",
        "Mailing Country": "country",
        "Country": "country",
    },
)

ZOHO_CALLS: Final = Preset(
    # `Call Duration` is minutes and seconds (`05:12`) and kept as a property.
    name="zoho-calls",
    channel="calls",
    columns=(
        ("Record Id", "event_id"),
        ("Call Start Time", "occurred_at"),
        ("Call Type", "direction"),
        ("Call Duration (in seconds)", "duration_s"),
        ("Call Result", "outcome"),
        ("Call Owner", "agent"),
        ("Contact Name.id", "ids.crm"),
    ),
    constants=ZOHO,
    customer={"inbound": "Caller ID", "outbound": "Dialled Number"},
    type_column="Call Type",
    types=(
        TypeRule(LEFT_OUT, {"Outgoing Call Status": "Scheduled"}),
        TypeRule(LEFT_OUT, {"Outgoing Call Status": "Cancelled"}),
        TypeRule("missed", {"Call Type": "Missed"}),
        TypeRule("missed", {"Call Result": "No response*"}),
        TypeRule("missed", {"Call Result": "Busy"}),
        TypeRule("answered", {"Call Type": "Inbound"}),
        TypeRule("answered", {"Call Type": "Outbound"}),
    ),
    values={"Call Type": {**DIRECTIONS, "missed": "inbound"}},
)

ZOHO_MEETINGS: Final = Preset(
    # A meeting of Zoho has no field for what became of it: each was booked when it was created.
    name="zoho-meetings",
    channel="meetings",
    identity=("type", "meeting_id"),
    columns=(
        ("Record Id", "meeting_id"),
        ("Created Time", "occurred_at"),
        ("Title", "title"),
        ("Event Title", "title"),
        ("Host", "host"),
        ("From", "starts_at"),
        ("Contact Name.id", "ids.crm"),
    ),
    constants={**ZOHO, "type": "booked"},
    type_column="",
    types=(TypeRule("booked", {}),),
)
