"""Activities of Zoho CRM."""

import pytest

from sources.outcome import Skip
from tests.sources.presets.rows import csv_rows, options_of, touch_of

HEADER = (
    "Record Id,Call Start Time,Call Type,Call Duration,Call Duration (in seconds),Call Result,Outgoing Call Status,"
    "Caller ID,Dialled Number,Contact Name.id,Call Owner\n"
)


def row(kind: str, result: str = "", status: str = "") -> str:
    return f"{HEADER}zcrm_1,2026-11-28 11:00:00,{kind},03:04,184,{result},{status},+4930,+4940,zcrm_7,kim\n"


@pytest.mark.parametrize(
    ("cells", "kind", "direction", "phone"),
    [
        (row("Inbound"), "answered", "inbound", "+4930"),
        (row("Missed"), "missed", "inbound", "+4930"),
        (row("Outbound"), "answered", "outbound", None),
        (row("Outbound", "No response/Busy"), "missed", "outbound", None),
    ],
)
def test_call(cells: str, kind: str, direction: str, phone: str | None) -> None:
    (made,) = csv_rows(cells, options_of("zoho-calls", zone="Europe/Berlin"))
    touch = touch_of(made)
    assert (touch["type"], str(touch["direction"]).lower()) == (kind, direction)
    assert touch["phone"] == (phone or "+4940")
    assert (touch["duration_s"], touch["ids"], touch["occurred_at"]) == (184, {"crm": "zcrm_7"}, 1_795_860_000_000)


def test_planned_call_is_left_out() -> None:
    options = options_of("zoho-calls", zone="UTC")
    assert csv_rows(row("Outbound", status="Scheduled"), options) == [Skip("left_out")]


def test_meeting_is_booked_when_it_was_created() -> None:
    header = "Record Id,Title,From,Host,Created Time,Contact Name.id"
    row = "zcrm_2,Talk,2026-12-03 10:00:00,kim,2026-11-28 10:00:00,zcrm_7"
    (made,) = csv_rows(f"{header}\n{row}\n", options_of("zoho-meetings", zone="UTC"))
    touch = touch_of(made)
    assert (touch["type"], touch["meeting_id"], touch["title"]) == ("booked", "zcrm_2", "Talk")
    assert (touch["occurred_at"], touch["starts_at"]) == (1_795_860_000_000, 1_796_292_000_000)
