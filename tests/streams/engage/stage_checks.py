"""Checks of a world at its end: state, rows and profiles equal those of an undisturbed fold and of the oracle."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from msgspec import msgpack

from schemas.blocks import decompress_rows
from schemas.columns import TABLES
from schemas.value_layouts import split_layout
from sinks.store.blocks import read_batch
from streams.engage.dedupe import ids_in
from streams.engage.dedupe_state import DedupeState
from streams.engage.profile_message import VERSION_HEADER
from streams.identity.ties import parent_of, placement_of
from streams.profile.identifier_state import IdentifierState, decode_state, total_of
from streams.profile.score import Component
from streams.profile.summary import last_source
from streams.profile.traits import current_values
from streams.records import RecordBatch
from streams.topics import TIMELINE_PARTITIONS
from tests.oracle.page_times import PageView, longest_views
from tests.oracle.profiles import Profile, Scale
from tests.oracle.stage import Expected, expect
from tests.schemas.column_types import read_value
from tests.streams.engage.stage_rows import dimensions_of, event_in, event_of, newest_rows, rolled_up
from tests.streams.engage.stage_scenarios import DAY_MS, GAP_MS, SET_MODES, START_MS, Scenario
from tests.streams.engage.stage_world import World
from tests.streams.profile_messages import profile_message

Row = dict[str, Any]
HALF_LIFE_MS = 7 * DAY_MS


@dataclass
class Stored:
    """The content of the store: every event, and the newest row per key of the other tables."""

    events: dict[tuple[int, int, bool], Row] = field(default_factory=dict)  # by partition, offset, is it a former one
    twice: list[Row] = field(default_factory=list)
    profiles: dict[str, Row] = field(default_factory=dict)
    identities: dict[str, Row] = field(default_factory=dict)
    session_pieces: dict[tuple[str, int], Row] = field(default_factory=dict)
    page_times: dict[PageView, int] = field(default_factory=dict)


def store(world: World) -> Stored:
    """Return the rows of the timeline as the store accepts them, in batches of random sizes."""
    r, stored = random.Random(world.scenario.seed), Stored()
    for partition in range(TIMELINE_PARTITIONS):
        records = [(one.offset, one.value or b"") for one in world.log(world.topics.timeline, partition)]
        passed: dict[str, int] = {}
        while records:
            count = r.randint(1, 6)
            batch = read_batch(partition, records[:count], passed)
            records, passed = records[count:], batch.after
            assert not batch.unreadable
            for table, blocks in batch.blocks.items():
                for block in blocks:
                    for row in _rows(table, decompress_rows(block.frame), block.header.rows):
                        assert block.header.first <= row["activity_offset"] <= block.header.last
                        _keep(stored, table, row)
    return stored


def _rows(table: str, joined: bytes, count: int) -> Iterator[Row]:
    stream = BytesIO(joined)
    for _ in range(count):
        yield {column.name: read_value(stream, column.type) for column in TABLES[table]}
    assert not stream.read()


def _keep(stored: Stored, table: str, row: Row) -> None:
    if table == "events":
        place = row["activity_partition"], row["activity_offset"], row["change"] < 0
        if place in stored.events:
            stored.twice.append(row)
        stored.events[place] = row
    elif table == "page_times":
        view = row["tenant"], row["folded_into"], row["page_id"]
        stored.page_times[view] = max(row["engaged_ms"], stored.page_times.get(view, 0))
    elif table == "session_pieces":
        key = f"{row['tenant']}|{row['folded_into']}", row["day"]
        if key not in stored.session_pieces or _newer(row, stored.session_pieces[key]):
            stored.session_pieces[key] = row
    else:
        newest = stored.profiles if table == "profiles" else stored.identities
        name = f"{row['tenant']}|{row['identifier']}"
        if name not in newest or _newer(row, newest[name]):
            newest[name] = row


def _newer(row: Row, than: Row) -> bool:
    assert row["activity_offset"] != than["activity_offset"], "two rows of one version"
    return bool(row["activity_offset"] > than["activity_offset"])


def states_of(world: World) -> dict[str, IdentifierState]:
    """Return the state of every identifier, restored from the changelogs."""
    return {
        key.decode(): decode_state(value)
        for p in range(world.scenario.partitions)
        for key, value in world.read_back("states", p).items()
    }


def run_once(scenario: Scenario) -> World:
    """Run a scenario and return its world."""
    world = World(scenario)
    world.run()
    return world


class UndisturbedWorld(World):
    """The log of another world, read once from beginning to end by one worker without faults."""

    def __init__(self, other: World) -> None:
        super().__init__(other.scenario._replace(feed=(), trouble=False))
        for p in range(self.scenario.partitions):
            self.fold_log(p, other)

    def fold_log(self, p: int, other: World) -> None:
        log = other.log(self.topics.activity, p)
        if not log:
            return
        self.resume(p, self.worker.engage.process(RecordBatch(self.topics.activity, p, log)), len(log))
        while p in self.takes:
            self.takes[p].waiting.messages = {
                place: some
                for place, some in self.takes[p].waiting.messages.items()
                if place[0] != self.topics.activity
            }
            self.proceed(p)


def check(world: World) -> None:
    """Raise AssertionError if the world is not as the undisturbed fold and the oracle have it."""
    stored, undisturbed = store(world), UndisturbedWorld(world)
    expected_stored = store(undisturbed)
    for p in range(world.scenario.partitions):
        restored = _decoded(world.read_back("states", p))
        assert restored == _decoded(undisturbed.read_back("states", p)), ("states", p)
        assert restored == _decoded(world.worker.states.partition(p)), ("memory and changelog", p)
        assert _remembered(world, p) == _remembered(undisturbed, p), ("ids", p)
    assert not stored.twice
    assert stored.events == expected_stored.events, "event rows"
    assert set(stored.session_pieces) == set(expected_stored.session_pieces)
    for piece, row in stored.session_pieces.items():
        assert _content(row) == _content(expected_stored.session_pieces[piece]), ("session pieces", piece)
    assert stored.page_times == longest_views(world.scenario.feed), "page times"
    states = states_of(world)
    _check_rows(stored, expected_stored, states)
    _check_published(world, states)
    _check_quarantine(world)
    if world.scenario.mode in SET_MODES:
        scale = Scale(START_MS, HALF_LIFE_MS)
        expected = expect(world.scenario.feed, world.scenario.fold_config.limits, scale, GAP_MS)
        _check_expected(stored, states, expected)


def _decoded(state: Mapping[bytes, bytes]) -> dict[bytes, Any]:
    return {key: msgpack.decode(split_layout(value)[1]) for key, value in state.items()}


def _content(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "activity_offset"}


def _remembered(world: World, p: int) -> tuple[object, ...]:
    index = DedupeState(world.read_back("seen", p)).index
    live = DedupeState(world.worker.seen.partition(p)).index
    found = [
        (
            one.watermark,
            one.clock_ms,
            {name: sorted(d for shard in bucket.shards for d in ids_in(shard)) for name, bucket in one.buckets.items()
             if name not in _idle_names(world, one)},
        )
        for one in (index, live)
    ]  # fmt: skip
    assert found[0] == found[1], "memory and changelog"
    assert index.count == sum(bucket.count for bucket in index.buckets.values())
    return found[0]


def _idle_names(world: World, index: Any) -> set[str]:
    return {*index.idle_buckets(world.scenario.window_ms), *index.closed}


def _check_rows(stored: Stored, undisturbed: Stored, states: dict[str, IdentifierState]) -> None:
    assert set(stored.profiles) == set(stored.identities) == set(states)
    for key, state in states.items():
        parent = parent_of(state.known_ties)
        assert _content(stored.identities[key]) == _content(undisturbed.identities[key]), ("identity row", key)
        row = stored.profiles[key]
        assert row["parent"] == (parent.partition("|")[2] if parent else ""), ("parent on the profile row", key)
        if parent is None:
            assert _content(row) == _content(undisturbed.profiles[key]), ("profile row", key)


def _check_published(world: World, states: dict[str, IdentifierState]) -> None:
    newest: dict[bytes | None, tuple[int, bytes | None]] = {}
    for one in (one for p in range(world.scenario.partitions) for one in world.log(world.topics.profiles, p)):
        version = int(dict(one.headers)[VERSION_HEADER] if one.value is None else version_in(one.value))
        if version >= newest.get(one.key, (-1, None))[0]:  # else it is a late message of a dead worker
            newest[one.key] = version, one.value
    for key, state in states.items():
        _, value = newest.get(key.encode(), (-1, None))
        if parent_of(state.known_ties) is not None:
            assert value is None, ("profile message of a child", key)
        else:
            assert value is not None, ("profile message", key)
            version = int(version_in(value))
            assert value == profile_message(key, total_of(state), version), ("profile message", key)


def version_in(value: bytes) -> str:
    """Return the version in a profile message."""
    return value.partition(b'"version":')[2].partition(b",")[0].decode()


def _check_quarantine(world: World) -> None:
    garbage = Counter(fed for fed in world.scenario.feed if isinstance(fed, bytes))
    refused = {one.key: one for one in world.log(world.topics.quarantine, 0)}  # a replay has the same key
    assert Counter(one.value for one in refused.values()) == garbage


def _check_expected(stored: Stored, states: dict[str, IdentifierState], expected: Expected) -> None:
    assert Counter(map(event_in, newest_rows(stored.events))) == Counter(map(event_of, expected.counted)), "events"
    assert rolled_up(stored.events) == Counter(dimensions_of(touch) for touch in expected.counted), "rollups"
    for key, wanted in expected.places.items():
        if key not in states:  # displaced before it received a link
            assert wanted.parent is None
            assert not expected.profiles[key].touches
            continue
        place = placement_of(states[key].known_ties)
        since_ms = None if wanted.parent is None else wanted.since_ms
        assert (place.since, place.parent) == (since_ms, wanted.parent), ("parent", key)
        if wanted.parent is None:
            _check_profile(states[key], expected.profiles[key])
    runs = {piece: _runs(row) for piece, row in stored.session_pieces.items()}
    assert {piece: some for piece, some in runs.items() if some} == expected.runs  # those of bots alone are empty


def _runs(row: Row) -> list[tuple[object, ...]]:
    names = ("firsts", "entry_ids", "lasts", "touches", "landing_pages", "sources")  # as in a run of the oracle
    return list(zip(*(row[name] for name in names), strict=True))


def _check_profile(state: IdentifierState, expected: Profile) -> None:
    found = total_of(state)
    last = last_source(found)
    assert found.touches == expected.touches
    assert (found.bots, found.identifiers) == (expected.bots, expected.identifiers)
    if found.touches:
        assert (found.first_seen_ms, found.last_seen_ms) == (expected.first_seen_ms, expected.last_seen_ms)
    assert (_plain(found.first), _plain(last)) == (expected.first, expected.last)
    assert current_values(found.traits) == expected.traits
    assert _scores(found.pos) == pytest.approx(expected.pos, rel=1e-12)
    assert _scores(found.neg) == pytest.approx(expected.neg, rel=1e-12)


def _plain(source: Any) -> tuple[object, ...] | None:
    if source is None:
        return None
    return source.t_ms, source.event_id, source.source, source.medium, source.campaign, source.page


def _scores(components: dict[str, Component]) -> dict[str, float]:
    whole, rest_ms = divmod(START_MS, HALF_LIFE_MS)
    return {
        channel: component.m * 2.0 ** (component.e - whole - rest_ms / HALF_LIFE_MS)
        for channel, component in components.items()
    }
