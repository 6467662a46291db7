"""The types of meetings, their ids, their beginning, and their rules."""

import pytest
from pydantic import ValidationError

from schemas.channels.meetings import Meeting
from schemas.columns import EVENT_HEAD
from schemas.flags import Flag
from streams.rules.evaluator import Match
from tests.channels.meetings import SAMPLES
from tests.schemas.column_types import read_row
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules, take


@pytest.mark.parametrize("type_", ["page", "no-show", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Meeting.model_validate(changed("meetings", type=type_))


def test_retry_without_event_id_is_the_same_event() -> None:
    first, retry = (take("meetings", changed("meetings", meeting_id=7), offset=offset) for offset in (5, 99))
    assert first.event_id == retry.event_id
    assert take("meetings", changed("meetings", meeting_id=7, type="held")).event_id != first.event_id


def test_meeting_that_is_booked_again_is_another_event() -> None:
    first = take("meetings", changed("meetings"))
    again = take("meetings", changed("meetings", occurred_at="2026-01-31T09:31:00Z"))
    assert again.event_id != first.event_id


def test_natural_id_is_that_of_the_load_for_chaos() -> None:
    meeting = Meeting.model_validate(SAMPLES.least)
    assert meeting.natural_id() == SAMPLES.natural_id(SAMPLES.least, meeting.occurred_at)


@pytest.mark.parametrize(
    ("starts_at", "ms"),
    [("2026-02-03T12:00:00+02:00", 1_770_112_800_000), (1_770_112_800_000, 1_770_112_800_000), (None, None)],
)
def test_beginning_is_milliseconds(starts_at: object, ms: int | None) -> None:
    row = read_row(take("meetings", changed("meetings", starts_at=starts_at)).head, EVENT_HEAD)
    assert (row["starts_at"], row["properties"]) == (ms, {})


@pytest.mark.parametrize("starts_at", ["tomorrow", 1_770_112_800, "2026-02-03T10:00:00", "9999-12-31T00:00:00Z", 0])
def test_beginning_that_cannot_be_right_is_set_aside(starts_at: object) -> None:
    row = read_row(take("meetings", changed("meetings", starts_at=starts_at)).head, EVENT_HEAD)
    assert (row["starts_at"], row["properties"]) == (None, {"starts_at": str(starts_at)})
    assert Flag.BAD_FIELD in row["flags"]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("booked", Match("meeting_booked", 20.0, 2, "meeting_booked")),
        ("held", Match("meeting_held", 50.0, 2, "meeting_held")),
        ("cancelled", Match("meeting_cancelled", -20.0, 2, "meeting_cancelled")),
        ("no_show", Match("meeting_missed", -30.0, 2, "meeting_missed")),
    ],
)
def test_default_rules(type_: str, expected: Match) -> None:
    assert default_rules().match({"channel": "meetings", "type": type_}) == expected
