"""Records of Dynamics 365."""

import pytest

from sources.collected import Collected
from sources.hooks.dynamics_records import Record, read_record, touch_of_record
from tests.sources.hooks.samples.dynamics import CONTACT, IMAGE, RECORD, context


def test_what_is_written_takes_precedence_over_the_image() -> None:
    record = read_record(context("incident", "Update", {"title": "Newer"}, PostEntityImages=IMAGE))
    columns = {"title": "Newer", "customerid": CONTACT, "statecode": 1}
    assert record == Record(RECORD, False, {"title": "Newer"}, columns)


@pytest.mark.parametrize(
    ("reference", "is_person"),
    [
        ({"Id": "p", "LogicalName": "contact"}, True),
        ({"Id": "p", "LogicalName": "lead"}, True),
        ({"Id": "p", "LogicalName": "account"}, False),
        ("p", False),
    ],
)
def test_a_company_is_no_person(reference: object, is_person: bool) -> None:
    touch = touch_of_record("incident", Record("r", True, {}, {"customerid": reference}))
    assert isinstance(touch, Collected)
    assert touch.touch["ids"] == ({"crm": "p"} if is_person else {})


@pytest.mark.parametrize("minutes", [-1, True, "3", None, 10**9])
def test_a_length_that_is_none(minutes: object) -> None:
    touch = touch_of_record("appointment", Record("r", True, {}, {"scheduleddurationminutes": minutes}))
    assert isinstance(touch, Collected)
    assert touch.touch["duration_s"] is None
