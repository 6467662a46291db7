"""Rows from stored states equal those in the store."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.column import TEXT, TIME, columns_of
from streams.engage.state_rows import rows_of_state
from tests.schemas.column_types import read_row
from tests.streams.engage.stage_checks import Row, store
from tests.streams.engage.stage_scenarios import SET_MODES, scenario
from tests.streams.engage.stage_world import World
from tests.streams.engage.test_rows import read


def without_source(row: Row) -> Row:
    """Return the row without the activity partition and offset."""
    return {name: value for name, value in row.items() if name not in ("activity_partition", "activity_offset")}


TOUCHES = columns_of(("tenant", TEXT, ""), ("identifier", TEXT, ""), ("touches", "UInt64", 0), ("first_seen", TIME, 0))


@given(st.integers(0, 10**9), st.sampled_from(SET_MODES), st.integers(1, 3))
def test_rows_from_states_equal_the_rows_of_the_tables(seed: int, mode: str, partitions: int) -> None:
    world = World(scenario(seed, mode)._replace(partitions=partitions))
    world.run()
    stored = store(world)
    touches = Counter(
        f"{row['tenant']}|{row['folded_into']}"
        for row in stored.events.values()
        if row["change"] == 1 and not row["beyond_window"]
    )
    keys = set()
    for partition in range(partitions):
        for key, value in world.read_back("states", partition).items():
            name, rows = key.decode(), rows_of_state(key, value, partition)
            keys.add(name)
            profile, identity = read("profiles", rows.profile), read("identities", rows.identity)
            assert without_source(identity) == without_source(stored.identities[name])
            if profile["parent"]:
                assert profile["parent"] == stored.profiles[name]["parent"]
            else:
                assert without_source(profile) == without_source(stored.profiles[name])
            assert profile["activity_offset"] >= stored.profiles[name]["activity_offset"]
            counted = read_row(rows.touches, TOUCHES)
            assert (f"{counted['tenant']}|{counted['identifier']}", counted["touches"]) == (name, touches[name])
    assert keys == stored.identities.keys() == stored.profiles.keys()
