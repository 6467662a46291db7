"""The hub: blocks go to the rooms of their tenants, and viewers get a place there."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from dashboards.live import hub as hub_module
from dashboards.live.audience import Audience
from dashboards.live.hub import TooManyViewersError
from dashboards.live.room import HOT_ROWS
from dashboards.live.rows import BlockReader
from dashboards.live.stored_profiles import stored_profiles
from dashboards.live.watched_profiles import WatchedProfiles
from schemas.time import DAY_MS
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS, TOPICS, Journey
from tests.dashboards.live.watching import START_MS, Watched, events_in, last_id
from tests.dashboards.people import END_MS, live, quarrel
from tests.sinks.sample_blocks import event_block, profile_block


async def test_two_tenants_never_see_each_other() -> None:
    watched = Watched()
    mine, theirs = watched.hub.subscribe("main", Audience.CLEAR), watched.hub.subscribe("other", Audience.CLEAR)
    await mine.next(), await theirs.next()
    watched.hub.take(event_block("main", 0, range(3)), START_MS)
    watched.hub.take(event_block("other", 1, range(1)), START_MS)
    watched.hub.take(profile_block("other", 1, [5]), START_MS)
    watched.flush()
    ours, other = dict(events_in(await mine.next())), dict(events_in(await theirs.next()))
    assert (len(ours["touches"]["touches"]), len(other["touches"]["touches"])) == (3, 1)
    assert (ours["counts"]["bins"][0][1], other["counts"]["bins"][0][1]) == ({"visits": 3}, {"visits": 1})
    assert "scores" not in ours
    assert {one["key"][:5] for one in other["scores"]["profiles"]} == {"other"}


async def test_repeated_touches_are_shown_once() -> None:
    watched = Watched()
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    await viewer.next()
    for _ in range(2):
        watched.hub.take(event_block("main", 0, range(3)), START_MS)
    watched.flush()
    events = dict(events_in(await viewer.next()))
    assert len(events["touches"]["touches"]) == 3
    assert events["counts"]["bins"][0][1] == {"visits": 3}


async def test_a_viewer_that_returns_gets_what_it_missed() -> None:
    watched = Watched()
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    hello = await viewer.next()
    assert events_in(hello)[0][0] == "hello"
    watched.hub.leave(viewer)
    watched.hub.take(event_block("main", 0, range(2)), START_MS)
    watched.flush()
    again = await watched.hub.subscribe("main", Audience.CLEAR, last_id(hello)).next()
    name, data = events_in(again)[0]
    assert (name, len(data["touches"])) == ("touches", 2)


@pytest.mark.parametrize("last_event_id", ["", "other-1", "-", "x", "{epoch}-999999", "{epoch}-x", "{epoch}-1"])
async def test_a_viewer_without_a_known_place_begins_anew(last_event_id: str) -> None:
    watched = Watched()
    watched.flush()  # without viewers: what is before is gone
    epoch = last_id(await watched.hub.subscribe("main", Audience.CLEAR).next()).rpartition("-")[0]
    viewer = watched.hub.subscribe("main", Audience.MASKED, last_event_id.format(epoch=epoch))
    watched.hub.take(event_block("main", 0, range(1)), START_MS)
    expected = "hello" if last_event_id != "{epoch}-1" else "pipeline"
    watched.flush()
    assert events_in(await viewer.next())[0][0] == expected


async def test_a_slow_viewer_is_dropped_and_a_quick_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    slow, quick = watched.hub.subscribe("main", Audience.CLEAR), watched.hub.subscribe("main", Audience.CLEAR)
    dropped: list[str] = []
    slow.on_drop, quick.on_drop = lambda: dropped.append("slow"), lambda: dropped.append("quick")
    await quick.next()
    for number in range(200):
        watched.hub.take(event_block("main", 0, range(number * 30, number * 30 + 30)), START_MS)
        watched.flush()
        await quick.next()
        if dropped:
            break
    assert dropped == ["slow"]
    assert watched.hub.viewers == {quick}


async def test_viewers_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "MOST_VIEWERS", 1)
    watched = Watched()
    first = watched.hub.subscribe("main", Audience.CLEAR)
    with pytest.raises(TooManyViewersError):
        watched.hub.subscribe("main", Audience.CLEAR)
    watched.hub.leave(first)
    watched.hub.leave(first)
    watched.hub.subscribe("main", Audience.CLEAR)


async def test_a_block_that_cannot_be_read_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched()
    for _ in range(2):
        watched.hub.take(b"\x00\x01x", START_MS)
    assert ["Live pages lack touches" in record.message for record in caplog.records] == [True]


async def test_run_flushes() -> None:
    watched = Watched()
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    await viewer.next()
    running = asyncio.create_task(watched.hub.run())
    async with asyncio.timeout(60):
        assert [name for name, _ in events_in(await viewer.next())] == ["pipeline"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()


async def test_all_viewers_are_dropped_when_the_process_stops() -> None:
    watched = Watched()
    dropped: list[str] = []
    for tenant in ("main", "other"):
        watched.hub.subscribe(tenant, Audience.CLEAR).on_drop = lambda tenant=tenant: dropped.append(tenant)
    watched.hub.close()
    assert sorted(dropped) == ["main", "other"]
    assert not watched.hub.viewers


@pytest.fixture(scope="module")
def journey(new_place: Callable[[], Place]) -> tuple[Journey, Place]:
    """What the pipeline made of 1,500 touches, and the store that has it."""
    made, place = Journey(Random(3)), new_place()
    live(made, 1_000)
    made.run()
    quarrel(made)
    live(made, 400, start_ms=END_MS, name="f")
    made.run()
    made.store(place.writer)
    return made, place


def blocks_of(made: Journey) -> list[bytes]:
    """All blocks, those of each partition in order."""
    logs = [log for (topic, _), log in made.logs.items() if topic == TOPICS.timeline]
    return [record.value or b"" for log in logs for record in log]


async def test_counts_and_hot_list_are_those_of_the_store(journey: tuple[Journey, Place]) -> None:
    made, place = journey
    at_ms = END_MS + 200 * DAY_MS
    watched = Watched()
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    await viewer.next()
    watched.now_ms = at_ms
    blocks = blocks_of(made)
    for block in blocks + blocks[: len(blocks) // 2]:
        watched.hub.take(block, at_ms)
    for room in watched.hub.rooms():
        room.hot.read([], at_ms)  # of an empty store: all that is known came by changes
    watched.flush(0)
    events = dict(events_in(await viewer.next()))
    stored = dict(place.reader.query(
        "SELECT channel, sum(touches) FROM touches_by_minute WHERE tenant = 'main' GROUP BY channel"
    ).result_rows)  # fmt: skip
    assert events["counts"]["bins"] == [[at_ms // 5000 * 5, stored]]
    best = top(place.reader, Scope("main"), at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=HOT_ROWS)
    assert [row["profile"] for row in events["hot"]["rows"]] == [one.profile for one in best]
    assert [row["touches"] for row in events["hot"]["rows"]] == [one.touches for one in best]
    assert [row["score"] for row in events["hot"]["rows"]] == pytest.approx([one.score.net for one in best])


async def test_hot_list_of_the_store_is_that_of_the_changes(journey: tuple[Journey, Place]) -> None:
    made, place = journey
    at_ms = END_MS + 200 * DAY_MS
    reader, changed = BlockReader(WatchedProfiles()), {}
    for block in blocks_of(made):
        changed.update({one.profile: one for one in reader.read(block).profiles if one.tenant == "main"})
    for one in stored_profiles(place.reader, "main", 30, at_ms, HALF_LIFE_MS):
        theirs = changed[one.profile]
        assert one.rank == pytest.approx(theirs.rank)
        assert replace(one, rank=0.0, bots=0) == replace(theirs, rank=0.0, bots=0)
    assert Counter(one.tenant for one in changed.values())["main"] > 30
