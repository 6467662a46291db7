"""The events of one request together."""

from sources.collected import Collected
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import Unmappable

TOUCH = Collected("visits", {"type": "custom"})


def test_events_that_are_no_touch_are_left_out() -> None:
    assert touches_of([None, TOUCH, None, TOUCH]) == [TOUCH, TOUCH]
    assert touches_of([]) == []


def test_one_unmappable_event_keeps_the_whole_request() -> None:
    assert touches_of([TOUCH, Unmappable("first"), Unmappable("second")]) == Unmappable("first")
