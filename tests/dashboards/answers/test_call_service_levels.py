"""Levels of calls."""

import pytest

from dashboards.answers.call_service_levels import NO_CALLS, Level, call_service_levels
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import HOUR_MS, NOON_MS, store_touches

CALL = {"channel": "calls", "type": "answered", "direction": "inbound", "queue": "sales", "agent": "kim"}


@pytest.fixture
def called(place: Place) -> Place:
    """Six calls to us and one by us."""
    store_touches(
        place.writer,
        CALL | {"wait_s": 20.0, "duration_s": 60.5}, CALL | {"wait_s": 20.5}, CALL | {"wait_s": 5.0, "agent": "lee"},
        CALL | {"type": "abandoned", "wait_s": 95.0, "agent": "", "occurred_at": NOON_MS + HOUR_MS},
        CALL | {"type": "missed", "queue": "help", "agent": "", "occurred_at": NOON_MS + HOUR_MS},
        CALL | {"type": "voicemail", "wait_s": 130.0, "agent": "", "occurred_at": NOON_MS + HOUR_MS},
        CALL | {"direction": "outbound", "wait_s": 1.0},
    )  # fmt: skip
    return place


def test_levels_of_all_and_of_each_group(called: Place) -> None:
    found = call_service_levels(called.reader, Scope(), Span(NOON_MS, NOON_MS + 2 * HOUR_MS, "Europe/Berlin"))
    assert found.all == Level(6, 3, 1, 1, 1, 2, 5, 21, 130, 60_500)
    assert found.all.service_level == pytest.approx(2 / 6)
    assert found.all.abandoned_share == pytest.approx(1 / 6)
    assert [(weekday, hour, level.calls) for weekday, hour, level in found.by_hour] == [(1, 14, 3), (1, 15, 3)]
    assert [(queue, level.calls, level.waits) for queue, level in found.by_queue] == [("sales", 5, 5), ("help", 1, 0)]
    assert dict(found.by_agent)["lee"] == Level(1, 1, 0, 0, 0, 1, 1, 5, 5, 0)
    assert dict(found.by_queue)["help"].median_s is None


def test_a_revised_call_counts_once(called: Place) -> None:
    """It rang when it was first reported; the second row takes that out."""
    ringing = CALL | {"type": "missed", "event_id": "r", "agent": ""}
    store_touches(called.writer, ringing)
    store_touches(called.writer, ringing | {"change": -1}, CALL | {"event_id": "r", "wait_s": 3.0, "change": 2})
    found = call_service_levels(called.reader, Scope(), Span(NOON_MS, NOON_MS + 2 * HOUR_MS), within_s=2)
    assert (found.all.calls, found.all.answered, found.all.missed, found.all.within) == (7, 4, 1, 0)


def test_without_calls(place: Place) -> None:
    found = call_service_levels(place.reader, Scope(), Span(NOON_MS, NOON_MS + HOUR_MS))
    assert (found.all, found.by_hour, found.by_queue) == (NO_CALLS, (), ())
    assert NO_CALLS.service_level is NO_CALLS.abandoned_share is None
