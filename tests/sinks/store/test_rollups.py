"""Rollups are declared as the migrations make them."""

import pytest

from sinks.clickhouse.client import Client
from sinks.store.rollups import ROLLUPS, SUMS
from tests.tables import table


@table("name", sorted(ROLLUPS))
def test_a_key_is_tenant_time_and_dimensions(name: str) -> None:
    rollup = ROLLUPS[name]
    assert rollup.key.split(", ") == ["tenant", rollup.time, *rollup.dimensions.split(", ")]
    assert rollup.start_of.lower() == f"tostartof{rollup.time}"


@pytest.mark.parametrize("name", sorted(ROLLUPS))
def test_the_table_has_that_key_and_those_sums(client: Client, name: str) -> None:
    key = client.query(
        "SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name = {name:String}",
        parameters={"name": name},
    ).result_rows[0][0]
    assert set(ROLLUPS[name].key.split(", ")) == set(key.split(", "))
    columns = {row[0] for row in client.query(f"DESCRIBE TABLE {name}").result_rows}
    assert columns == {*ROLLUPS[name].key.split(", "), *SUMS.split(", ")}
