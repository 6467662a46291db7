"""A replay of a whole log gives the rows that the store has, in spite of crashes during the first fold."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engage.replay_fold import ReplayFold
from tests.streams.engage.stage_checks import store
from tests.streams.engage.stage_scenarios import MODES, scenario
from tests.streams.engage.stage_world import World
from tests.streams.engage.test_rows import read


@given(st.integers(0, 10**9), st.sampled_from(MODES), st.integers(1, 3), st.integers(1, 20))
def test_a_replay_gives_the_rows_in_the_store(seed: int, mode: str, partitions: int, size: int) -> None:
    life = scenario(seed, mode)._replace(partitions=partitions)
    world = World(life)
    world.run()
    found = {}
    for partition in range(partitions):
        replay = ReplayFold(partition, life.fold_config, life.window_ms)
        records = [(one.offset, one.value or b"") for one in world.log(world.topics.activity, partition)]
        for at in range(0, len(records), size):
            for offset, row in replay.fold(records[at : at + size]):
                values = read("events", row)
                found[partition, offset, values["change"] < 0] = values
    assert found == store(world).events
