"""The check of touches before an import sends them."""

from typing import Any

import pytest

from sources.outcome import Emit, Outcome, Reject, Skip
from touchline.cli.imports.check import BAD_FIELD, WITHOUT_IDENTIFIER, Check, checked, intake_check
from touchline.settings import read_settings

AT_MS = 1_795_860_000_000


@pytest.fixture
def check() -> Check:
    return intake_check(read_settings(), AT_MS)


def call(**given: Any) -> Emit:
    touch = {"event_id": "x", "type": "missed", "occurred_at": AT_MS, "direction": "inbound", **given}
    return Emit("calls", touch, ("noted",), line_no=7)


def test_accepted_touch_is_returned_unchanged(check: Check) -> None:
    emit = call(phone="+49 30 901841")
    assert check(emit) == emit


@pytest.mark.parametrize("given", [{}, {"phone": None}, {"phone": "anonymous"}, {"customer_id": "null"}])
def test_touch_without_an_identifier_is_noted(check: Check, given: dict[str, object]) -> None:
    read = check(call(**given))
    assert isinstance(read, Emit)
    assert read.notes == ("noted", WITHOUT_IDENTIFIER)


@pytest.mark.parametrize("given", [{"email": "nobody"}, {"ids": {"CRM": "C1"}}, {"agent": 5}, {"sent_at": "now"}])
def test_touch_with_an_unreadable_field_is_noted(check: Check, given: dict[str, object]) -> None:
    read = check(call(customer_id="C-1", **given))
    assert isinstance(read, Emit)
    assert read.notes == ("noted", BAD_FIELD)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"type": "ANSWERED"}, "unknown_type"),
        ({"direction": None}, "missing_field"),
        ({"duration_s": -3}, "bad_value"),
        ({"occurred_at": "yesterday"}, "bad_time"),
        ({"properties": {"x": "y" * 300_000}}, "too_large"),
        ({"properties": {"x": float("nan")}}, "not_json"),
    ],
)
def test_touch_that_intake_refuses_is_refused_with_its_line(
    check: Check, given: dict[str, object], reason: str
) -> None:
    read = check(call(**given))
    assert isinstance(read, Reject)
    assert (read.reason, read.line_no) == (reason, 7)


def test_error_about_an_unknown_direction_names_the_option_to_map_it(check: Check) -> None:
    read = check(call(direction="IN"))
    assert isinstance(read, Reject)
    assert read.detail.endswith("map other words with --value, such as --value 'direction:in=inbound'")


def test_other_outcomes_are_returned_unchanged(check: Check) -> None:
    outcomes: list[Outcome] = [Skip("blank"), Reject("cells", 1, "")]
    assert list(checked(outcomes, check)) == outcomes
