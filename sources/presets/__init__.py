"""Presets for exports of well-known telephone systems, mail services and CRM systems, by the name of `--preset`."""

from typing import Final

from sources.presets.calls import ASTERISK, FREESWITCH, TWILIO
from sources.presets.dynamics import DYNAMICS_CALLS, DYNAMICS_CONTACTS, DYNAMICS_EMAILS, DYNAMICS_MEETINGS
from sources.presets.emails import MAILGUN, MANDRILL, POSTMARK, SENDGRID
from sources.presets.engagebay import ENGAGEBAY_CONTACTS
from sources.presets.hubspot import (
    HUBSPOT_CALLS,
    HUBSPOT_CONTACTS,
    HUBSPOT_EMAILS,
    HUBSPOT_MEETINGS,
    HUBSPOT_MESSAGES,
)
from sources.presets.salesforce import SALESFORCE_CALLS, SALESFORCE_CONTACTS, SALESFORCE_EMAILS, SALESFORCE_MEETINGS
from sources.presets.zoho import ZOHO_CALLS, ZOHO_CONTACTS, ZOHO_MEETINGS
from sources.tables.preset import Preset

PRESETS: Final[dict[str, Preset]] = {
    one.name: one
    for one in (
        *(ASTERISK, FREESWITCH, TWILIO),
        *(SENDGRID, MAILGUN, POSTMARK, MANDRILL),
        *(SALESFORCE_CONTACTS, SALESFORCE_CALLS, SALESFORCE_EMAILS, SALESFORCE_MEETINGS),
        *(HUBSPOT_CONTACTS, HUBSPOT_CALLS, HUBSPOT_EMAILS, HUBSPOT_MEETINGS, HUBSPOT_MESSAGES),
        *(ZOHO_CONTACTS, ZOHO_CALLS, ZOHO_MEETINGS),
        *(DYNAMICS_CONTACTS, DYNAMICS_CALLS, DYNAMICS_EMAILS, DYNAMICS_MEETINGS),
        ENGAGEBAY_CONTACTS,
    )
}
