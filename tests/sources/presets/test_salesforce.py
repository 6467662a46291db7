"""Activities of Salesforce."""

import pytest

from sources.outcome import Reject, Skip
from tests.sources.presets.rows import csv_rows, options_of, touch_of

WHEN = "2026-11-28T10:00:00.000Z"
TASKS = (
    "Id,WhoId,TaskSubtype,Status,CallType,CallDurationInSeconds,CallDisposition,CompletedDateTime,CreatedDate,OwnerId\n"
)
MAILS = "Id,Status,Incoming,FromAddress,ToAddress,MessageDate,Subject,MessageIdentifier,IsBounced,TextBody\n"


def task(subtype: str = "Call", status: str = "Completed", call: str = "Outbound", outcome: str = "") -> str:
    return f"{TASKS}T-1,003A,{subtype},{status},{call},184,{outcome},{WHEN},2020-01-01T00:00:00Z,kim\n"


def test_call() -> None:
    (made,) = csv_rows(task(outcome="Interested"), options_of("salesforce-calls"))
    touch = touch_of(made)
    assert isinstance(properties := touch.pop("properties"), dict)
    assert properties["TaskSubtype"] == "Call"
    assert touch == {
        "event_id": "T-1",
        "type": "answered",
        "occurred_at": WHEN,
        "direction": "outbound",
        "source": "salesforce",
        "ids": {"crm": "003A"},
        "duration_s": 184,
        "outcome": "Interested",
        "agent": "kim",
    }


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [("", "answered"), ("No Answer", "missed"), ("busy", "missed"), ("Left Voicemail", "voicemail")],
)
def test_disposition_gives_the_type(outcome: str, kind: str) -> None:
    (made,) = csv_rows(task(outcome=outcome), options_of("salesforce-calls"))
    assert touch_of(made)["type"] == kind


@pytest.mark.parametrize("row", [task("Task"), task("Email"), task(status="Not Started"), task(call="Internal")])
def test_tasks_that_are_no_calls_are_left_out(row: str) -> None:
    assert csv_rows(row, options_of("salesforce-calls")) == [Skip("left_out")]


def test_logged_call_needs_a_direction() -> None:
    (refused,) = csv_rows(task(call=""), options_of("salesforce-calls"))
    assert isinstance(refused, Reject)
    assert refused.detail.startswith("no direction")
    (made,) = csv_rows(task(call=""), options_of("salesforce-calls", {"direction": "outbound"}))
    assert touch_of(made)["direction"] == "outbound"


@pytest.mark.parametrize(
    ("cells", "kind", "direction", "email"),
    [
        ("0,true,ada@x.example,us@y.example", "received", "inbound", "ada@x.example"),
        ("0,1,ada@x.example,us@y.example", "received", "inbound", "ada@x.example"),
        ("3,false,us@y.example,ada@x.example", "sent", "outbound", "ada@x.example"),
    ],
)
def test_emails(cells: str, kind: str, direction: str, email: str) -> None:
    (made,) = csv_rows(f"{MAILS}M-1,{cells},{WHEN},Offer,<1@y.example>,false,secret\n", options_of("salesforce-emails"))
    touch = touch_of(made)
    assert (touch["type"], touch["direction"], touch["email"]) == (kind, direction, email)
    assert (touch["message_id"], touch["subject"]) == ("<1@y.example>", "Offer")
    assert "secret" not in str(touch)


def test_draft_is_left_out_and_bounce_is_one() -> None:
    rows = f"M-1,5,false,a,b,{WHEN},x,y,false,\nM-2,3,false,us@y.example,ada@x.example,{WHEN},x,y,true,\n"
    draft, bounced = csv_rows(MAILS + rows, options_of("salesforce-emails"))
    assert draft == Skip("left_out")
    assert touch_of(bounced)["type"] == "bounced"


def test_event_is_a_booked_meeting() -> None:
    table = (
        f"Id,WhoId,Subject,StartDateTime,DurationInMinutes,CreatedDate,OwnerId\nE-1,003A,Talk,{WHEN},30,{WHEN},kim\n"
    )
    (made,) = csv_rows(table, options_of("salesforce-meetings"))
    touch = touch_of(made)
    assert (touch["type"], touch["meeting_id"], touch["duration_s"]) == ("booked", "E-1", 1800)
    assert touch["event_id"] == "booked:E-1"
    assert (touch["starts_at"], touch["ids"], touch["host"]) == (WHEN, {"crm": "003A"}, "kim")


def test_time_of_creation_counts_for_a_call_without_a_time_of_completion() -> None:
    (made,) = csv_rows(task().replace(WHEN, ""), options_of("salesforce-calls"))
    assert touch_of(made)["occurred_at"] == "2020-01-01T00:00:00Z"
