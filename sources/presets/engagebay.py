"""Preset of EngageBay's contacts: the labels of its fields, or the names of its REST API.

Source: the field names of github.com/engagebay/restapi, where `name` is the first name, and times are seconds.
EngageBay documents no columns for an export of activities: map those with `--map`.
"""

from dataclasses import replace
from typing import Final

from sources.presets.contacts import contact_preset
from sources.tables.preset import LEFT_OUT

ENGAGEBAY_CONTACTS: Final = replace(
    contact_preset(
        "engagebay-contacts",
        (
            ("id", "ids.crm"),
            ("Id", "ids.crm"),
            ("email", "email"),
            ("Email", "email"),
            ("phone", "phone"),
            ("Phone", "phone"),
            ("updated_time", "occurred_at"),
            ("Updated Time", "occurred_at"),
            ("created_time", "occurred_at"),
            ("Created Time", "occurred_at"),
        ),
        {
            "name": "first_name",
            "First Name": "first_name",
            "last_name": "last_name",
            "Last Name": "last_name",
            "role": "title",
            "Role": "title",
            "Job Title": "title",
            "company": "company",
            "Company": "company",
            "country": "country",
            "Country": "country",
        },
    ),
    units={"created_time": "s", "updated_time": "s"},
    values={"updated_time": {"0": LEFT_OUT}},  # never changed
)
