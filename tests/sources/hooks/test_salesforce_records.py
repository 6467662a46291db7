"""States of records of Salesforce."""

import pytest

from sources.collected import Collected
from sources.hooks.salesforce_records import touch_of_record

TIMES = {"CreatedDate": "2026-12-01T04:00:00Z", "LastModifiedDate": "2026-12-01T05:00:00Z"}


def touch_of(object_type: str, **fields: str) -> dict[str, object]:
    touch = touch_of_record(object_type, {"Id": "x1", **TIMES, **fields})
    assert isinstance(touch, Collected)
    return touch.touch


def test_later_states_of_an_open_case_are_one_touch() -> None:
    later = touch_of("Case", Status="Working", LastModifiedDate="2026-12-01T06:00:00Z")
    first = touch_of("Case", Status="New")
    assert (first["event_id"], first["occurred_at"]) == (later["event_id"], later["occurred_at"])


def test_later_states_of_a_closed_case_are_one_touch() -> None:
    closed = {"Status": "Closed", "ClosedDate": "2026-12-01T04:30:00Z"}
    later = touch_of("Case", **closed, LastModifiedDate="2026-12-01T06:00:00Z")
    first = touch_of("Case", **closed)
    assert (first["event_id"], first["occurred_at"]) == (later["event_id"], later["occurred_at"])


def test_each_state_of_a_contact_is_a_touch() -> None:
    later = touch_of("Contact", LastModifiedDate="2026-12-01T06:00:00Z")
    assert touch_of("Contact")["event_id"] != later["event_id"]


@pytest.mark.parametrize(
    ("minutes", "duration_s"), [("30", 1_800), ("0", 0), ("", None), ("-5", None), ("9" * 30, None), ("٣", None)]
)
def test_the_length_of_a_meeting(minutes: str, duration_s: int | None) -> None:
    assert touch_of("Event", DurationInMinutes=minutes).get("duration_s") == duration_s


def test_a_record_belongs_to_its_contact() -> None:
    assert touch_of("Opportunity", ContactId="c", WhoId="w")["ids"] == {"crm": "c"}
    assert "ids" not in touch_of("Opportunity")
