"""Rows made of the states are those that the store has."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from streams.engage.state_rows import rows_of_state
from tests.streams.engage.stage_checks import Row, store
from tests.streams.engage.stage_scenarios import SET_MODES, scenario
from tests.streams.engage.stage_world import World
from tests.streams.engage.test_rows import read


def said(row: Row) -> Row:
    """Everything but where it came from."""
    return {name: value for name, value in row.items() if name not in ("activity_partition", "activity_offset")}


@given(st.integers(0, 10**9), st.sampled_from(SET_MODES), st.integers(1, 3))
def test_states_say_what_the_tables_hold(seed: int, mode: str, partitions: int) -> None:
    world = World(scenario(seed, mode)._replace(partitions=partitions))
    world.run()
    stored = store(world)
    touches = Counter(
        f"{row['tenant']}|{row['folded_into']}" for row in stored.events.values() if not row["beyond_window"]
    )
    keys = set()
    for partition in range(partitions):
        for key, value in world.read_back("states", partition).items():
            name, rows = key.decode(), rows_of_state(key, value, partition)
            keys.add(name)
            profile, identity = read("profiles", rows.profile), read("identities", rows.identity)
            assert said(identity) == said(stored.identities[name])
            if profile["parent"]:
                assert profile["parent"] == stored.profiles[name]["parent"]
            else:
                assert said(profile) == said(stored.profiles[name])
            assert profile["activity_offset"] >= stored.profiles[name]["activity_offset"]
            tenant, identifier, own, _ = msgpack.decode(b"\x94" + rows.touches)
            assert (f"{tenant}|{identifier}", own) == (name, touches[name])
    assert keys == stored.identities.keys() == stored.profiles.keys()
