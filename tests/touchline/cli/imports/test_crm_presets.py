"""Exports of CRM systems on the command line, in a dry run: intake accepts what the presets make."""

import json

import pytest

from tests.touchline.cli.imports.importing import bring_in

WHEN = "2026-11-28 10:00:00"
CASES = {
    "salesforce-contacts": ("Id,LastName,Email,Phone,CreatedDate", f"003A,L,ada@x.example,+4930901820,{WHEN}"),
    "salesforce-calls": ("Id,WhoId,TaskSubtype,Status,CallType,CreatedDate", f"T1,003A,Call,Completed,Inbound,{WHEN}"),
    "salesforce-emails": (
        "Id,Status,Incoming,FromAddress,ToAddress,MessageDate",
        f"M1,0,true,ada@x.example,us@y.example,{WHEN}",
    ),
    "salesforce-meetings": ("Id,WhoId,Subject,CreatedDate,StartDateTime", f"E1,003A,Talk,{WHEN},{WHEN}"),
    "hubspot-contacts": ("Record ID,Email,Last Name,Create Date", f"1,ada@x.example,L,{WHEN}"),
    "hubspot-calls": (
        "Record ID,Activity date,Call direction,Call status,From number",
        f"1,{WHEN},Inbound,Completed,+4930901820",
    ),
    "hubspot-emails": (
        "hs_object_id,hs_timestamp,hs_email_direction,hs_email_status,hs_email_to_email",
        f"1,{WHEN},EMAIL,SENT,ada@x.example",
    ),
    "hubspot-meetings": ("Record ID,Meeting start time,Meeting outcome", f"1,{WHEN},Completed"),
    "hubspot-messages": ("Record ID,Activity date,Channel type", f"1,{WHEN},SMS"),
    "zoho-contacts": ("Record Id,Last Name,Email,Created Time", f"zcrm_1,L,ada@x.example,{WHEN}"),
    "zoho-calls": ("Record Id,Call Start Time,Call Type,Contact Name.id", f"zcrm_1,{WHEN},Missed,zcrm_7"),
    "zoho-meetings": ("Record Id,Title,Created Time,From", f"zcrm_1,Talk,{WHEN},{WHEN}"),
    "dynamics-contacts": ("contactid,lastname,emailaddress1,modifiedon", f"1,L,ada@x.example,{WHEN}"),
    "dynamics-calls": (
        "activityid,statuscode,directioncode,phonenumber,actualend,actualdurationminutes",
        f"1,2,True,+4930901820,{WHEN},3",
    ),
    "dynamics-emails": ("activityid,statuscode,directioncode,torecipients,senton", f"1,3,True,ada@x.example;,{WHEN}"),
    "dynamics-meetings": ("activityid,statuscode,scheduledstart,subject", f"1,3,{WHEN},Talk"),
    "engagebay-contacts": ("id,name,last_name,email,created_time", "1,Ada,L,ada@x.example,1795860000"),
}


@pytest.mark.parametrize("preset", CASES)
def test_intake_accepts_a_row(preset: str) -> None:
    header, row = CASES[preset]
    result = bring_in("csv", f"{header}\n{row}\n", "--preset", preset, "--zone", "UTC", "--json")
    assert result.exit_code == 0, result.exception
    (report,) = json.loads(result.stdout).values()
    assert report["rejected"] == {}
    assert sum(report["emitted"].values()) == 1
    assert "bad_field" not in report["notes"]
