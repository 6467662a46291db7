"""Activities of HubSpot."""

import pytest

from sources.outcome import Skip
from tests.sources.presets.rows import csv_rows, options_of, touch_of

WHEN = "2026-11-28T10:00:00Z"
CALLS = (
    "hs_object_id,hs_timestamp,hs_call_direction,hs_call_status,hs_call_disposition,hs_call_duration,"
    "hs_call_from_number,hs_call_to_number\n"
)
MAILS = (
    "hs_object_id,hs_timestamp,hs_email_direction,hs_email_status,hs_email_from_email,hs_email_to_email,hs_email_text\n"
)


@pytest.mark.parametrize(
    ("direction", "status", "outcome", "kind", "phone"),
    [
        ("INBOUND", "COMPLETED", "", "answered", "+4930"),
        ("OUTBOUND", "COMPLETED", "", "answered", "+4940"),
        ("OUTBOUND", "COMPLETED", "73a0d17f-1163-4015-bdd5-ec830791da20", "missed", "+4940"),
        ("OUTBOUND", "COMPLETED", "Left voicemail", "voicemail", "+4940"),
        ("OUTBOUND", "NO_ANSWER", "", "missed", "+4940"),
    ],
)
def test_call(direction: str, status: str, outcome: str, kind: str, phone: str) -> None:
    row = f"1,{WHEN},{direction},{status},{outcome},184500,+4930,+4940\n"
    (made,) = csv_rows(CALLS + row, options_of("hubspot-calls"))
    touch = touch_of(made)
    assert (touch["type"], touch["phone"], touch["duration_s"]) == (kind, phone, 184.5)
    assert str(touch["direction"]).lower() == direction.lower()


def test_call_that_is_not_over_is_left_out() -> None:
    assert csv_rows(f"{CALLS}1,{WHEN},INBOUND,RINGING,,,,\n", options_of("hubspot-calls")) == [Skip("left_out")]


def test_call_with_labels_and_local_times() -> None:
    header = "Record ID,Activity date,Call direction,Call status,Call outcome,From number"
    row = "1,2026-11-28 11:00,Inbound,No answer,,+4930"
    (made,) = csv_rows(f"{header}\n{row}\n", options_of("hubspot-calls", zone="Europe/Berlin"))
    touch = touch_of(made)
    assert (touch["type"], touch["occurred_at"], touch["phone"]) == ("missed", 1_795_860_000_000, "+4930")


@pytest.mark.parametrize(
    ("direction", "status", "kind", "email"),
    [
        ("EMAIL", "SENT", "sent", "ada@x.example"),
        ("EMAIL", "BOUNCED", "bounced", "ada@x.example"),
        ("INCOMING_EMAIL", "SENT", "received", "us@y.example"),
    ],
)
def test_email(direction: str, status: str, kind: str, email: str) -> None:
    row = f"1,{WHEN},{direction},{status},us@y.example,ada@x.example,secret\n"
    (made,) = csv_rows(MAILS + row, options_of("hubspot-emails"))
    touch = touch_of(made)
    assert (touch["type"], touch["email"]) == (kind, email)
    assert "secret" not in str(touch)


@pytest.mark.parametrize("cells", ["EMAIL,SCHEDULED", "FORWARDED_EMAIL,SENT"])
def test_email_that_reached_no_customer_is_left_out(cells: str) -> None:
    assert csv_rows(f"{MAILS}1,{WHEN},{cells},a,b,\n", options_of("hubspot-emails")) == [Skip("left_out")]


@pytest.mark.parametrize(
    ("outcome", "kind"), [("COMPLETED", "held"), ("No show", "no_show"), ("Canceled", "cancelled"), ("SCHEDULED", "")]
)
def test_meeting(outcome: str, kind: str) -> None:
    table = f"Record ID,Meeting start time,Meeting name,Meeting outcome\n1,{WHEN},Talk,{outcome}\n"
    (made,) = csv_rows(table, options_of("hubspot-meetings"))
    if not kind:
        assert made == Skip("left_out")
        return
    touch = touch_of(made)
    assert (touch["type"], touch["meeting_id"], touch["title"], touch["occurred_at"]) == (kind, "1", "Talk", WHEN)


def test_message() -> None:
    table = f"Record ID,Activity date,Channel type,Communication body\n1,{WHEN},WHATS_APP,secret\n"
    (made,) = csv_rows(table, options_of("hubspot-messages"))
    touch = touch_of(made)
    assert (touch["type"], touch["network"]) == ("sent", "whatsapp")
    assert "secret" not in str(touch)
