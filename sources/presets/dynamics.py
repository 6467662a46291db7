"""Presets of Dynamics 365: exports with the display names of columns, and CSV with their logical names and codes.

Source: learn.microsoft.com, Dataverse table reference: contact, phonecall, email, appointment. How times are written
depends on the user: give `--time-format` and `--zone`. An export has no id of the contact that an activity is about;
where a column has one, `--map COLUMN=ids.crm` takes it.
"""

from typing import Final

from sources.presets.contacts import contact_preset
from sources.tables.preset import LEFT_OUT, Preset, TypeRule, by_value

DYNAMICS: Final = {"source": "dynamics"}
_REASON: Final = "statuscode|Status Reason"
_DIRECTIONS: Final = {
    column: {"true": "outbound", "1": "outbound", "outgoing": "outbound"}
    | {"false": "inbound", "0": "inbound", "incoming": "inbound"}
    for column in ("directioncode", "Direction")
}

DYNAMICS_CONTACTS: Final = contact_preset(
    "dynamics-contacts",
    (
        ("contactid", "ids.crm"),
        ("(Do Not Modify) Contact", "ids.crm"),
        ("emailaddress1", "email"),
        ("Email", "email"),
        ("telephone1", "phone"),
        ("Business Phone", "phone"),
        ("mobilephone", "phone"),
        ("Mobile Phone", "phone"),
        ("modifiedon", "occurred_at"),
        ("Modified On", "occurred_at"),
        ("(Do Not Modify) Modified On", "occurred_at"),
        ("createdon", "occurred_at"),
        ("Created On", "occurred_at"),
    ),
    {
        "firstname": "first_name",
        "First Name": "first_name",
        "lastname": "last_name",
        "Last Name": "last_name",
        "fullname": "name",
        "Full Name": "name",
        "jobtitle": "title",
        "Job Title": "title",
        "Company Name": "company",
        "address1_city": "city",
        "Address 1: City": "city",
        "address1_country": "country",
        "Address 1: Country/Region": "country",
    },
)

DYNAMICS_CALLS: Final = Preset(
    # Status reasons: 1 Open, 2 Made, 3 Canceled, 4 Received.
    name="dynamics-calls",
    channel="calls",
    columns=(
        ("activityid", "event_id"),
        ("(Do Not Modify) Phone Call", "event_id"),
        ("actualend", "occurred_at"),
        ("Actual End", "occurred_at"),
        ("createdon", "occurred_at"),
        ("Created On", "occurred_at"),
        ("directioncode", "direction"),
        ("Direction", "direction"),
        ("phonenumber", "phone"),
        ("Phone Number", "phone"),
        ("actualdurationminutes", "duration_s"),
        ("Duration", "duration_s"),
        ("Owner", "agent"),
    ),
    fallbacks={"occurred_at": "createdon|Created On"},
    constants=DYNAMICS,
    type_column=_REASON,
    types=(
        *(TypeRule("voicemail", {"leftvoicemail|Left Voice Mail": one}) for one in ("true", "1", "yes")),
        *by_value(
            _REASON,
            {
                "Made": "answered",
                "2": "answered",
                "Received": "answered",
                "4": "answered",
                "Open": LEFT_OUT,
                "1": LEFT_OUT,
                "Canceled": LEFT_OUT,
                "3": LEFT_OUT,
            },
        ),
    ),
    values=_DIRECTIONS,
    factors={"actualdurationminutes": 60, "Duration": 60},
)

DYNAMICS_EMAILS: Final = Preset(
    # Status reasons: 1 Draft, 2 Completed, 3 Sent, 4 Received, 5 Canceled, 6 Pending Send, 7 Sending, 8 Failed.
    name="dynamics-emails",
    channel="emails",
    columns=(
        ("activityid", "event_id"),
        ("(Do Not Modify) Email", "event_id"),
        ("(Do Not Modify) Email Message", "event_id"),
        ("senton", "occurred_at"),
        ("Date Sent", "occurred_at"),
        ("actualend", "occurred_at"),
        ("Actual End", "occurred_at"),
        ("directioncode", "direction"),
        ("Direction", "direction"),
        ("messageid", "message_id"),
        ("Message ID", "message_id"),
        ("subject", "subject"),
        ("Subject", "subject"),
    ),
    dropped=frozenset({"description", "Description"}),
    fallbacks={"occurred_at": "actualend|Actual End"},
    constants=DYNAMICS,
    customer={"inbound": "sender|Sender", "outbound": "torecipients|To Recipients"},
    customer_field="email",
    type_column=_REASON,
    types=by_value(
        _REASON,
        {
            "Sent": "sent",
            "3": "sent",
            "Received": "received",
            "4": "received",
            "Draft": LEFT_OUT,
            "1": LEFT_OUT,
            "Completed": LEFT_OUT,
            "2": LEFT_OUT,
            "Canceled": LEFT_OUT,
            "5": LEFT_OUT,
            "Pending Send": LEFT_OUT,
            "6": LEFT_OUT,
            "Sending": LEFT_OUT,
            "7": LEFT_OUT,
            "Failed": LEFT_OUT,
            "8": LEFT_OUT,
        },
    ),
    values=_DIRECTIONS,
)

DYNAMICS_MEETINGS: Final = Preset(
    # Status reasons of an appointment: 1 Free, 2 Tentative, 3 Completed, 4 Canceled, 5 Busy, 6 Out of Office.
    name="dynamics-meetings",
    channel="meetings",
    identity=("type", "meeting_id"),
    columns=(
        ("activityid", "meeting_id"),
        ("(Do Not Modify) Appointment", "meeting_id"),
        ("scheduledstart", "occurred_at"),
        ("Start Time", "occurred_at"),
        ("subject", "title"),
        ("Subject", "title"),
        ("Owner", "host"),
        ("scheduleddurationminutes", "duration_s"),
        ("Duration", "duration_s"),
    ),
    constants=DYNAMICS,
    type_column=_REASON,
    types=by_value(
        _REASON,
        {
            "Completed": "held",
            "3": "held",
            "Canceled": "cancelled",
            "4": "cancelled",
            "Free": LEFT_OUT,
            "1": LEFT_OUT,
            "Tentative": LEFT_OUT,
            "2": LEFT_OUT,
            "Busy": LEFT_OUT,
            "5": LEFT_OUT,
            "Out of Office": LEFT_OUT,
            "6": LEFT_OUT,
        },
    ),
    factors={"scheduleddurationminutes": 60, "Duration": 60},
)
