"""The room of a tenant: when which events are written."""

from dataclasses import replace
from typing import Any

import pytest

from dashboards.live.audience import Audience
from dashboards.live.hot_list import ProfileChange
from dashboards.live.pipeline_state import PipelineState
from dashboards.live.room import NEWEST, PIPELINE_EVERY_MS, SENT_SCORES, SENT_TOUCHES, UNWATCHED_MS, Room, RoomContext
from dashboards.live.watched_profiles import WatchedProfiles
from tests.dashboards.live.samples import TOUCH, hide, key_of
from tests.dashboards.live.watching import HALF_LIFE_MS, START_MS, events_in

ADA = ProfileChange("main", "email:ada@example.org", "", START_MS / HALF_LIFE_MS + 7.0, 3, 0, START_MS, "", "", "", "")


@pytest.fixture
async def room() -> Room:
    made = Room("main", RoomContext("e", HALF_LIFE_MS, key_of, hide, PipelineState(), WatchedProfiles()))
    for audience in Audience:
        made.enter(audience, START_MS)
    made.flush(START_MS)
    return made


def written(room: Room, after: int, audience: Audience = Audience.CLEAR) -> list[tuple[str, dict[str, Any]]]:
    return events_in(room.after(audience, after) or b"")


def names(room: Room, after: int) -> list[str]:
    return [name for name, _ in written(room, after)]


async def test_an_event_is_written_when_there_is_something_new(room: Room) -> None:
    before = room.number
    room.flush(START_MS + 1_000)
    assert room.number == before
    room.count("visits", 2, START_MS)
    room.show([TOUCH])
    room.flush(START_MS + 1_000)
    assert names(room, before) == ["touches", "counts"]
    touches, counts = (data for _, data in written(room, before))
    assert touches["touches"][0]["key"] == key_of("main", "email:ada@example.org")
    assert (counts["bins"], counts["active"]) == ([[START_MS // 1000, {"visits": 2}]], 0)


async def test_touches_come_at_once_and_counts_once_a_second(room: Room) -> None:
    room.count("visits", 1, START_MS)
    room.flush(START_MS + 1_000)
    before = room.number
    room.count("visits", 1, START_MS)
    room.show([TOUCH])
    room.flush(START_MS + 1_250)
    assert names(room, before) == ["touches"]
    room.flush(START_MS + 2_000)
    assert names(room, before) == ["touches", "counts"]


async def test_only_the_newest_touches_are_sent_and_the_others_counted(room: Room) -> None:
    before = room.number
    for number in range(SENT_TOUCHES + 5):
        room.show([replace(TOUCH, id=str(number))])
    room.flush(START_MS + 1_000)
    ((_, data),) = written(room, before)
    assert data["more"] == 5
    assert [one["id"] for one in data["touches"]] == [str(5 + place) for place in range(SENT_TOUCHES)]


async def test_watched_profiles_are_always_sent_and_at_once(room: Room) -> None:
    room._context.watched.add("main", [ADA.profile])
    before = room.number
    room.show([TOUCH, *(replace(TOUCH, id=str(number), profile="x:1") for number in range(SENT_TOUCHES))])
    for number in range(SENT_SCORES + 1):
        room.change_profile(replace(ADA, profile=f"x:{number}", rank=ADA.rank + 1), START_MS)
    room.change_profile(ADA, START_MS)
    room.flush(START_MS + 1_000)
    (_, touches), (_, scores) = written(room, before)
    assert touches["more"] == 0
    assert touches["touches"][0]["id"] == TOUCH.id
    assert len(scores["profiles"]) == SENT_SCORES + 1
    assert scores["profiles"][-1]["profile"] == ADA.profile
    room.change_profile(ADA, START_MS)
    room.flush(START_MS + 1_250)
    assert names(room, before)[-1] == "scores"


async def test_events_are_written_for_audiences_that_watch(room: Room) -> None:
    room.leave(Audience.MASKED, START_MS)
    before = room.number
    room.show([TOUCH])
    room.flush(START_MS + UNWATCHED_MS)
    assert room.after(Audience.CLEAR, before)
    assert room.after(Audience.MASKED, before) is None


async def test_the_newest_touches_are_kept_and_a_revision_replaces_its_touch(room: Room) -> None:
    room.show([replace(TOUCH, id=str(number)) for number in range(NEWEST)])
    room.show([replace(TOUCH, id="0", title="Revised"), replace(TOUCH, id="new")])
    newest = events_in(room.hello(Audience.CLEAR, START_MS))[0][1]["newest"]
    assert [one["id"] for one in newest] == [*(str(number) for number in range(2, NEWEST)), "0", "new"]
    assert newest[-2]["title"] == "Revised"


async def test_hot_list_and_scores(room: Room) -> None:
    before = room.number
    room.change_profile(ADA, START_MS)
    room.flush(START_MS + 1_000)
    assert names(room, before) == ["scores"]  # the hot list has not been read
    room.hot.read([], START_MS)
    room.flush(START_MS + 2_000)
    hot = written(room, before)[-1][1]
    assert hot["count"] == 1
    row = hot["rows"][0]
    assert row["key"] == key_of("main", "email:ada@example.org")
    assert row["score"] == pytest.approx(128.0, rel=1e-5)
    room.change_profile(replace(ADA, parent="customer_id:1"), START_MS)
    room.flush(START_MS + 3_000)
    name, data = written(room, before)[-1]
    assert (name, data["rows"], data["count"]) == ("hot", [], 0)


async def test_active_people_are_in_counts(room: Room) -> None:
    before = room.number
    room.change_profile(ADA, START_MS)
    room.change_profile(replace(ADA, profile="anonymous_id:robot", bots=3), START_MS)
    room.count("visits", 1, START_MS)
    room.flush(START_MS + 1_000)
    assert dict(written(room, before))["counts"]["active"] == 1


async def test_pipeline_is_written_regularly_and_at_once_when_it_changes(room: Room) -> None:
    before = room.number
    room.flush(START_MS + PIPELINE_EVERY_MS)
    assert names(room, before) == ["pipeline"]
    room._context.pipeline.kafka = False
    room.flush(START_MS + PIPELINE_EVERY_MS + 250)
    assert [data["kafka"] for _, data in written(room, before)] == [None, False]


async def test_without_viewers_nothing_is_written_and_the_state_is_kept(room: Room) -> None:
    for audience in Audience:
        room.leave(audience, START_MS)
    before = room.number
    room.count("visits", 1, START_MS)
    room.show([TOUCH])
    room.flush(START_MS + UNWATCHED_MS)
    assert room.after(Audience.CLEAR, before) is None
    assert room.after(Audience.CLEAR, room.number) == b""
    hello = events_in(room.hello(Audience.CLEAR, START_MS + UNWATCHED_MS))[0][1]
    assert (len(hello["bins"]), len(hello["newest"])) == (1, 1)


async def test_a_number_of_the_future_is_not_of_this_room(room: Room) -> None:
    assert room.after(Audience.CLEAR, room.number + 1) is None


async def test_each_audience_has_its_own_log(room: Room) -> None:
    before = room.number
    room.show([TOUCH])
    room.flush(START_MS + 1_000)
    assert b"ada@example.org" in (room.after(Audience.CLEAR, before) or b"")
    assert b"ada@example.org" not in (room.after(Audience.MASKED, before) or b"")
    assert room.after(Audience.FIGURES, before) == b""
