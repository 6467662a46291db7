"""Activities of Dynamics 365."""

import pytest

from sources.outcome import Skip
from tests.sources.presets.rows import csv_rows, options_of, touch_of

CALLS = "(Do Not Modify) Phone Call,Status Reason,Direction,Phone Number,Duration,Actual End,Left Voice Mail\n"
CODES = "activityid,statuscode,directioncode,phonenumber,actualdurationminutes,actualend,leftvoicemail\n"
MAILS = "activityid,statuscode,directioncode,sender,torecipients,senton,subject,messageid,description\n"
WHEN = "2026-11-28T10:00:00Z"


@pytest.mark.parametrize(
    ("header", "cells", "kind", "direction"),
    [
        (CALLS, "Made,Outgoing,+4930,3,{},No", "answered", "outbound"),
        (CALLS, "Received,Incoming,+4930,3,{},No", "answered", "inbound"),
        (CALLS, "Made,Outgoing,+4930,3,{},Yes", "voicemail", "outbound"),
        (CODES, "2,True,+4930,3,{},False", "answered", "outbound"),
        (CODES, "4,False,+4930,3,{},False", "answered", "inbound"),
    ],
)
def test_call(header: str, cells: str, kind: str, direction: str) -> None:
    (made,) = csv_rows(f"{header}A-1,{cells.format(WHEN)}\n", options_of("dynamics-calls"))
    touch = touch_of(made)
    assert (touch["event_id"], touch["type"], touch["direction"]) == ("A-1", kind, direction)
    assert (touch["phone"], touch["duration_s"], touch["occurred_at"]) == ("+4930", 180, WHEN)


def test_american_times_need_their_format() -> None:
    row = "A-1,Made,Outgoing,+4930,3,11/28/2026 10:00 AM,No\n"
    (made,) = csv_rows(CALLS + row, options_of("dynamics-calls", zone="UTC", time_format="%m/%d/%Y %I:%M %p"))
    assert touch_of(made)["occurred_at"] == 1_795_860_000_000


@pytest.mark.parametrize(
    ("cells", "kind", "email"),
    [
        ("3,true,us@y.example,ada@x.example;", "sent", "ada@x.example;"),
        ("4,false,ada@x.example,us@y.example;", "received", "ada@x.example"),
    ],
)
def test_email(cells: str, kind: str, email: str) -> None:
    (made,) = csv_rows(f"{MAILS}A-1,{cells},{WHEN},Offer,<1@y.example>,secret\n", options_of("dynamics-emails"))
    touch = touch_of(made)
    assert (touch["type"], touch["email"], touch["message_id"]) == (kind, email, "<1@y.example>")
    assert "secret" not in str(touch)


@pytest.mark.parametrize(
    ("preset", "table"),
    [
        ("dynamics-calls", f"{CODES}A-1,1,True,+4930,,{WHEN},False\n"),
        ("dynamics-emails", f"{MAILS}A-1,1,true,a,b,{WHEN},x,y,z\n"),
        ("dynamics-meetings", f"activityid,statuscode,scheduledstart,subject\nA-1,5,{WHEN},Talk\n"),
    ],
)
def test_activity_that_is_not_over_is_left_out(preset: str, table: str) -> None:
    assert csv_rows(table, options_of(preset)) == [Skip("left_out")]


@pytest.mark.parametrize(("reason", "kind"), [("Completed", "held"), ("Canceled", "cancelled")])
def test_meeting(reason: str, kind: str) -> None:
    table = f"(Do Not Modify) Appointment,Status Reason,Start Time,Subject,Duration\nA-1,{reason},{WHEN},Talk,30\n"
    (made,) = csv_rows(table, options_of("dynamics-meetings"))
    touch = touch_of(made)
    assert (touch["type"], touch["meeting_id"], touch["title"], touch["duration_s"]) == (kind, "A-1", "Talk", 1800)
