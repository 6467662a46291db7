"""Cohorts of weeks."""

from datetime import UTC, date, datetime

import pytest

from dashboards.answers.retention import Cohort, retention
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import UnanswerableError
from schemas.blocks import compress_rows
from sinks.store.insert import insert_frames
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import DAY_MS, NOON_MS, store_chain
from tests.sinks.sample_blocks import make_row

TODAY = NOON_MS // DAY_MS  # a Monday


def test_cohorts_by_the_week_of_the_first_run(place: Place) -> None:
    days = [("a", -21), ("a", -14), ("a", 0), ("b", -20), ("c", -7), ("c", -5), ("d", -70), ("d", 0)]
    rows = [
        make_row("session_pieces", tenant="main", folded_into=who, day=TODAY + day, firsts=[1], activity_offset=number)
        for number, (who, day) in enumerate(days)
    ]
    empty = make_row("session_pieces", tenant="main", folded_into="a", day=TODAY - 7, activity_offset=99)
    insert_frames(place.writer, "session_pieces", [compress_rows([*rows, empty])])
    store_chain(place.writer, ["b", "c"])  # one person
    found = retention(place.reader, Scope(), at_ms=NOON_MS, weeks=4)
    today = datetime.fromtimestamp(NOON_MS / 1000, UTC).date()
    assert found[-1].week == today == date(2026, 9, 28)
    assert [one.people for one in found] == [(2, 1, 1, 1), (0, 0, 0), (0, 0), (0,)]
    assert retention(place.reader, Scope("other"), at_ms=NOON_MS, weeks=1) == [Cohort(today, (0,))]
    with pytest.raises(UnanswerableError, match="1 to 53 weeks, not 54"):
        retention(place.reader, Scope(), at_ms=NOON_MS, weeks=54)
