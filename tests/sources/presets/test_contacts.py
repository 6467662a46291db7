"""Contacts of CRM systems: each says who a person is."""

import pytest

from schemas.channels import CHANNELS
from schemas.identifiers.identifier import ORDER
from sources.outcome import Emit
from tests.sources.hooks.webhooks import webhooks_of
from tests.sources.presets.rows import csv_rows, options_of, touch_of

WHEN_MS = 1_795_860_000_000
TRAITS = {"first_name": "Ada", "last_name": "Lovelace", "title": "Countess"}
HEADERS = {
    "salesforce": "Id,FirstName,LastName,Title,Email,Phone,CreatedDate,LastModifiedDate,Department",
    "hubspot": "Record ID,First Name,Last Name,Job Title,Email,Phone Number,Create Date,Last Modified Date,Department",
    "zoho": "Record Id,First Name,Last Name,Title,Email,Phone,Created Time,Modified Time,Department",
    "dynamics": "(Do Not Modify) Contact,First Name,Last Name,Job Title,Email,Business Phone,Created On,Modified On,X",
    "engagebay": "Id,First Name,Last Name,Role,Email,Phone,Created Time,Updated Time,Department",
}
NAMES = {
    "hubspot": "hs_object_id,firstname,lastname,jobtitle,email,phone,createdate,lastmodifieddate,Department",
    "dynamics": "contactid,firstname,lastname,jobtitle,emailaddress1,telephone1,createdon,modifiedon,Role",
}
ROW = "C-1,Ada,Lovelace,Countess,ada@example.org,+4930901820,2024-01-01 00:00:00,2026-11-28 10:00:00,Sales"


@pytest.mark.parametrize(("crm", "header"), [*HEADERS.items(), *NAMES.items()])
def test_contact_identifies_a_person_with_traits(crm: str, header: str) -> None:
    (made,) = csv_rows(f"{header}\n{ROW}\n", options_of(f"{crm}-contacts", zone="UTC"))
    touch = touch_of(made)
    properties = touch.pop("properties")
    assert isinstance(properties, dict)
    assert properties["traits"] == TRAITS
    assert properties[header.rpartition(",")[2]] == "Sales"
    del touch["event_id"]
    assert touch == {
        "type": "identify",
        "source": crm,
        "occurred_at": WHEN_MS,
        "ids": {"crm": "C-1"},
        "email": "ada@example.org",
        "phone": "+4930901820",
    }


@pytest.mark.parametrize("crm", ["salesforce", "hubspot", "zoho", "dynamics"])
def test_a_webhook_names_the_person_of_an_import_by_the_same_identifier(crm: str) -> None:
    touches = [one for sample in webhooks_of(crm).samples if isinstance(sample.touches, list) for one in sample.touches]
    sent = [CHANNELS[channel].model_validate(touch) for channel, touch in touches if touch.get("ids")]
    assert sent
    for touch in sent:
        assert touch.ids
        row = ROW.replace("C-1", touch.ids["crm"])
        (made,) = csv_rows(f"{HEADERS[crm]}\n{row}\n", options_of(f"{crm}-contacts", zone="UTC"))
        assert touch_of(made)["ids"] == touch.ids
    assert "crm" in ORDER


def test_changed_contact_is_a_new_touch_and_the_same_one_is_not() -> None:
    header, options = HEADERS["salesforce"], options_of("salesforce-contacts", zone="UTC")
    tables = (f"{header}\n{row}\n" for row in (ROW, ROW, ROW.replace("Countess", "Analyst")))
    one, same, changed = (touch_of(made)["event_id"] for table in tables for made in csv_rows(table, options))
    assert one == same != changed


def test_lead_has_a_company_and_a_status() -> None:
    header = "Id,LastName,Company,Status,Email,MobilePhone,CreatedDate"
    row = "L-1,L,Engines,Open,a@b.example,+4930,2026-11-28T10:00:00Z"
    (made,) = csv_rows(f"{header}\n{row}\n", options_of("salesforce-contacts"))
    touch = touch_of(made)
    assert isinstance(properties := touch["properties"], dict)
    assert properties == {"traits": {"last_name": "L", "company": "Engines", "status": "Open"}}
    assert (touch["phone"], touch["occurred_at"]) == ("+4930", "2026-11-28T10:00:00Z")


def test_names_and_seconds_of_engagebays_api() -> None:
    table = "id,name,last_name,email,created_time,updated_time\n7,Ada,L,a@b.example,1795860000,0\n"
    (made,) = csv_rows(table, options_of("engagebay-contacts"))
    assert isinstance(made, Emit)
    assert (made.touch["occurred_at"], made.touch["ids"]) == (WHEN_MS, {"crm": "7"})
    assert isinstance(properties := made.touch["properties"], dict)
    assert properties["traits"] == {"first_name": "Ada", "last_name": "L"}
