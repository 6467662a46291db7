"""Folded once more, a whole log comes to the rows that the store has, whatever happened meanwhile."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engage.replay_fold import ReplayFold
from tests.streams.engage.stage_checks import store
from tests.streams.engage.stage_scenarios import MODES, scenario
from tests.streams.engage.stage_world import World
from tests.streams.engage.test_rows import read


@given(st.integers(0, 10**9), st.sampled_from(MODES), st.integers(1, 3), st.integers(1, 20))
def test_the_same_rows_come_again(seed: int, mode: str, partitions: int, size: int) -> None:
    life = scenario(seed, mode)._replace(partitions=partitions)
    world = World(life)
    world.run()
    found = {}
    for partition in range(partitions):
        replay = ReplayFold(partition, life.fold_config, life.window_ms)
        records = [(one.offset, one.value or b"") for one in world.log(world.topics.activity, partition)]
        for at in range(0, len(records), size):
            for offset, row in replay.fold(records[at : at + size]):
                found[partition, offset] = read("events", row)
    assert found == store(world).events
