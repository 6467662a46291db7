"""Presets of HubSpot: exports as CSV, with the labels of properties or with their internal names.

Sources: knowledge.hubspot.com, "Export your records", and developers.hubspot.com, "Calls", "Emails", "Meetings" and
"Communications", for the names and values of properties. Times in exports with labels are local: give `--zone`.
"""

from typing import Final

from sources.presets.contacts import contact_preset
from sources.tables.preset import DIRECTIONS, LEFT_OUT, Preset, TypeRule, by_value

HUBSPOT: Final = {"source": "hubspot"}
_OUTCOME: Final = "hs_call_disposition|Call outcome"
_EMAIL_DIRECTION: Final = "hs_email_direction|Email direction|Email Direction"
_EMAIL_STATUS: Final = "hs_email_status|Email send status|Email Send Status"
_STATUS: Final = "hs_call_status|Call status"

HUBSPOT_CONTACTS: Final = contact_preset(
    "hubspot-contacts",
    (
        ("hs_object_id", "ids.crm"),
        ("Record ID", "ids.crm"),
        ("Record ID - Contact", "ids.crm"),
        ("email", "email"),
        ("Email", "email"),
        ("phone", "phone"),
        ("Phone Number", "phone"),
        ("Mobile Phone Number", "phone"),
        ("lastmodifieddate", "occurred_at"),
        ("Last Modified Date", "occurred_at"),
        ("createdate", "occurred_at"),
        ("Create Date", "occurred_at"),
    ),
    {
        "firstname": "first_name",
        "First Name": "first_name",
        "lastname": "last_name",
        "Last Name": "last_name",
        "jobtitle": "title",
        "Job Title": "title",
        "company": "company",
        "Company Name": "company",
        "lifecyclestage": "lifecycle_stage",
        "Lifecycle Stage": "lifecycle_stage",
        "hs_lead_status": "lead_status",
        "Lead Status": "lead_status",
        "city": "city",
        "City": "city",
        "country": "country",
        "Country/Region": "country",
    },
)

HUBSPOT_CALLS: Final = Preset(
    # The outcome that a person has chosen, by its label or by the id of HubSpot's own outcomes, precedes the status.
    name="hubspot-calls",
    channel="calls",
    columns=(
        ("hs_object_id", "event_id"),
        ("Record ID", "event_id"),
        ("hs_timestamp", "occurred_at"),
        ("Activity date", "occurred_at"),
        ("hs_call_direction", "direction"),
        ("Call direction", "direction"),
        ("hs_call_duration", "duration_s"),
        ("Call outcome", "outcome"),
        ("Activity assigned to", "agent"),
    ),
    constants=HUBSPOT,
    customer={"inbound": "hs_call_from_number|From number", "outbound": "hs_call_to_number|To number"},
    type_column=_STATUS,
    types=(
        *by_value(
            _OUTCOME,
            {
                "No answer": "missed",
                "73a0d17f-1163-4015-bdd5-ec830791da20": "missed",
                "Busy": "missed",
                "9d9162e7-6cf3-4944-bf63-4dff82258764": "missed",
                "Left voicemail": "voicemail",
                "b2cf5968-551e-4856-9783-52b3da59a7d0": "voicemail",
            },
        ),
        *by_value(
            _STATUS,
            {
                "COMPLETED": "answered",
                "BUSY": "missed",
                "NO_ANSWER": "missed",
                "No answer": "missed",
                "MISSED": "missed",
                "FAILED": "missed",
                "CANCELED": "missed",
                "CONNECTING": LEFT_OUT,
                "CALLING_CRM_USER": LEFT_OUT,
                "IN_PROGRESS": LEFT_OUT,
                "QUEUED": LEFT_OUT,
                "RINGING": LEFT_OUT,
            },
        ),
    ),
    values={"hs_call_direction": DIRECTIONS, "Call direction": DIRECTIONS},
    factors={"hs_call_duration": 0.001},
)

HUBSPOT_EMAILS: Final = Preset(
    name="hubspot-emails",
    channel="emails",
    columns=(
        ("hs_object_id", "event_id"),
        ("Record ID", "event_id"),
        ("hs_timestamp", "occurred_at"),
        ("Activity date", "occurred_at"),
        ("hs_email_direction", "direction"),
        ("Email direction", "direction"),
        ("Email Direction", "direction"),
        ("hs_email_message_id", "message_id"),
        ("hs_email_subject", "subject"),
        ("Email subject", "subject"),
        ("Email Subject", "subject"),
    ),
    dropped=frozenset({"hs_email_text", "hs_email_html", "Email body", "Email Body"}),
    constants=HUBSPOT,
    customer_field="email",
    customer={
        "inbound": "hs_email_from_email|Email from address|Email From Address",
        "outbound": "hs_email_to_email|Email to address|Email To Address",
    },
    type_column=_EMAIL_STATUS,
    types=(
        TypeRule("received", {_EMAIL_DIRECTION: "INCOMING_EMAIL"}),
        *by_value(
            _EMAIL_STATUS,
            {
                "SENT": "sent",
                "BOUNCED": "bounced",
                "FAILED": LEFT_OUT,
                "SCHEDULED": LEFT_OUT,
                "SENDING": LEFT_OUT,
            },
        ),
    ),
    values={
        column: {"email": "outbound", "incoming_email": "inbound", "forwarded_email": LEFT_OUT}
        for column in ("hs_email_direction", "Email direction", "Email Direction")
    },
)

HUBSPOT_MEETINGS: Final = Preset(
    # A meeting that is only scheduled has not happened: `--value type:scheduled=booked` takes it.
    name="hubspot-meetings",
    channel="meetings",
    identity=("type", "meeting_id"),
    columns=(
        ("hs_object_id", "meeting_id"),
        ("Record ID", "meeting_id"),
        ("hs_meeting_start_time", "occurred_at"),
        ("Meeting start time", "occurred_at"),
        ("hs_timestamp", "occurred_at"),
        ("Activity date", "occurred_at"),
        ("hs_meeting_title", "title"),
        ("Meeting name", "title"),
        ("Activity assigned to", "host"),
    ),
    constants=HUBSPOT,
    type_column="hs_meeting_outcome|Meeting outcome",
    types=by_value(
        "hs_meeting_outcome|Meeting outcome",
        {
            "COMPLETED": "held",
            "NO_SHOW": "no_show",
            "No show": "no_show",
            "CANCELED": "cancelled",
            "SCHEDULED": LEFT_OUT,
            "RESCHEDULED": LEFT_OUT,
        },
    ),
)

HUBSPOT_MESSAGES: Final = Preset(
    # Communications that were logged: SMS, WhatsApp and LinkedIn messages. Who wrote is not in them: they are logged by
    # the sender, so that `sent` is the likelier one; `--set type=received` changes it.
    name="hubspot-messages",
    channel="messages",
    columns=(
        ("hs_object_id", "event_id"),
        ("Record ID", "event_id"),
        ("hs_timestamp", "occurred_at"),
        ("Activity date", "occurred_at"),
        ("hs_communication_channel_type", "network"),
        ("Channel type", "network"),
        ("Activity assigned to", "agent"),
    ),
    dropped=frozenset({"hs_communication_body", "Communication body"}),
    constants={**HUBSPOT, "type": "sent"},
    type_column="",
    types=(TypeRule("sent", {}),),
    values={
        column: {"whats_app": "whatsapp", "linkedin_message": "linkedin"}
        for column in ("hs_communication_channel_type", "Channel type")
    },
)
