"""The engage stage under faults, compared with an oracle of sets and with an undisturbed fold of the same log.

Reproduce a failing seed with `failures(World, [seed], Counter())`.
"""

from collections import Counter
from collections.abc import Iterable

import pytest

from schemas.activity import encode_record
from schemas.rejected import Reason
from schemas.value_layouts import NewerLayoutError
from streams.engage import stage, timeline_blocks
from streams.engage.stage import SettingsConflictError
from tests.killed import assert_killed
from tests.scale import scaled
from tests.streams.engage.stage_checks import check, states_of, store
from tests.streams.engage.stage_fakes import Rec
from tests.streams.engage.stage_mutants import KILLING_SEEDS, MUTANTS
from tests.streams.engage.stage_scenarios import MODES, START_MS, make_touch, scenario, with_pings
from tests.streams.engage.stage_world import World

SCENARIOS = scaled(400)  # per size of blocks; raise it for a longer run


def failures(world_type: type[World], seeds: Iterable[int], stats: Counter[str], stop_after: int = 3) -> list[str]:
    """Return what goes wrong in the worlds of these seeds, which take the modes in turn."""
    found: list[str] = []
    for seed in seeds:
        mode = MODES[seed % len(MODES)]
        try:
            world = world_type(scenario(seed, mode))
            world.run()
            check(world)
        except (AssertionError, KeyError) as error:
            found.append(f"seed {seed}, {mode}: {error!r:.300}")
            if len(found) == stop_after:
                break
        else:
            stats.update(world.stats)
    return found


@pytest.mark.parametrize("block_bytes", [timeline_blocks.BLOCK_BYTES, 300])
def test_nothing_is_lost_or_counted_twice(block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_blocks, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(stage, "TURN_RECORDS", 3)
    stats: Counter[str] = Counter()
    assert failures(World, range(block_bytes, block_bytes + SCENARIOS), stats) == []
    for kind in ("turn", "send", "states", "seen", "lease"):  # the faults occurred
        assert stats[f"killed in {kind}"] > SCENARIOS / 8
        assert stats[f"cancelled in {kind}"] > SCENARIOS / 8
    assert stats["lost"] > SCENARIOS / 4
    assert stats["compaction"] > SCENARIOS / 8


def test_page_times_are_exact_under_faults() -> None:
    for seed in range(scaled(150)):
        world = World(with_pings(scenario(seed, MODES[seed % len(MODES)])))
        world.run()
        check(world)


@pytest.mark.parametrize("rule", MUTANTS)
def test_a_stage_without_one_of_its_rules_fails(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world_type = MUTANTS[rule](monkeypatch)
    assert_killed(rule, KILLING_SEEDS[rule], lambda seeds: failures(world_type, seeds, Counter(), stop_after=1))


def test_undecodable_record_is_quarantined_and_the_rest_is_processed() -> None:
    one, other = (make_touch(event_id, START_MS, ("email:a",)) for event_id in ("one", "other"))
    garbage = b"\xff\x00 no record"
    world = World(scenario(1, "plain")._replace(feed=(), trouble=False, partitions=1))
    for fed in (one, garbage, other):
        world.feed(fed)
    world.run()
    (refused,) = world.log(world.topics.quarantine, 0)
    headers = dict(refused.headers)
    assert refused.value == garbage
    assert headers["reason"] == Reason.UNREADABLE.value.encode()
    assert (headers["raw_topic"], headers["raw_partition"], headers["raw_offset"]) == (b"activity", b"0", b"1")
    assert headers["detail"]
    assert [row["event_id"] for row in store(world).events.values()] == ["one", "other"]
    assert states_of(world)["main|email:a"].offset == 2
    assert world.positions == [3]
    assert world.worker.observer.seen["activity", Reason.UNREADABLE.value] == 1


def test_touches_duplicates_and_other_rules_versions_are_counted() -> None:
    touch = make_touch("one", START_MS, ("email:a",), rules_version="v2")
    world = World(scenario(1, "plain")._replace(feed=(touch, touch), trouble=False, partitions=1))
    world.run()
    seen = world.worker.observer.seen
    assert (seen["visits", "new"], seen["visits", "duplicate"], seen["engage", "records"]) == (1, 1, 2)
    assert seen["rules", "v2"] >= 1


def test_settings_that_conflict_with_the_recovered_state_are_refused() -> None:
    feed = (make_touch("one", START_MS, ("email:a",)),)
    world = World(scenario(1, "plain")._replace(feed=feed, trouble=False, partitions=1))
    world.run()
    fold_config = world.scenario.fold_config
    world.scenario = world.scenario._replace(fold_config=fold_config._replace(order=fold_config.order[::-1]))
    world.kill()
    with pytest.raises(SettingsConflictError):
        world.worker.engage.recovered(0)


def test_a_batch_that_ties_an_unknown_namespace_is_not_folded() -> None:
    feed = (make_touch("one", START_MS, ("email:a", "fax:1")),)
    world = World(scenario(1, "plain")._replace(feed=feed, trouble=False, partitions=1))
    with pytest.raises(SettingsConflictError, match="identifiers of the namespace fax, which is not in this worker"):
        world.run()
    assert not world.worker.states.partition(0)
    assert not any(world.log(topic, 0) for topic in (world.topics.timeline, world.topics.profiles))


LATER = b"\x7e"  # the layout of a later version, in place of the first byte


def test_a_record_of_a_later_version_is_neither_folded_nor_refused() -> None:
    one, later = (make_touch(event_id, START_MS, ("email:a",)) for event_id in ("one", "later"))
    feed = (one, LATER + encode_record(later)[1:])
    world = World(scenario(1, "plain")._replace(feed=(), trouble=False, partitions=1))
    for fed in feed:
        world.feed(fed)
    with pytest.raises(NewerLayoutError, match=r"A record of `activity` has layout 126, .* update this worker"):
        world.run()
    check_no_effects(world)


@pytest.mark.parametrize("table", ["states", "seen"])
def test_state_of_a_later_version_is_left_unchanged(table: str) -> None:
    world = World(scenario(1, "plain")._replace(feed=(), trouble=False, partitions=1))
    world.feed(make_touch("one", START_MS, ("email:a",)))
    world.run()
    log = world.log(table, 0)
    log[:] = [Rec(one.offset, one.timestamp, one.key, LATER + (one.value or b"")[1:], one.headers) for one in log]
    before = {place: len(records) for place, records in world.logs.items()}
    world.kill()
    world.committed[0] = world.positions[0] = 1
    world.feed(make_touch("two", START_MS, ("email:a",)))
    with pytest.raises(NewerLayoutError, match=r" has layout 126, .* update this worker"):
        world.run()
    assert {place: len(records) for place, records in world.logs.items()} == {
        **before,
        (world.topics.activity, 0): before[world.topics.activity, 0] + 1,
    }


def check_no_effects(world: World) -> None:
    """Raise AssertionError if a batch had an effect on any topic."""
    assert {place[0] for place, records in world.logs.items() if records} == {world.topics.activity}
    assert world.committed == [0]
