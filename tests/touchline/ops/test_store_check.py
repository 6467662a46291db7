"""The thorough check of the store: missing rows are reported once."""

from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Address, connect
from touchline.ops.store_check import compare_tables
from touchline.settings import read_settings


def test_intact_store_has_no_damage(new_database: Callable[..., Address], url: Callable[..., str]) -> None:
    damage = compare_tables(read_settings(clickhouse=url(new_database())), lambda: True)
    assert (damage.set_aside, damage.missing, damage.busy) == ([], [], False)


@pytest.mark.parametrize("is_settled", [True, False])
def test_profile_without_a_row_in_identities_is_reported(
    new_database: Callable[..., Address], url: Callable[..., str], is_settled: bool
) -> None:
    address = new_database()
    connect(address, "write").command(
        "INSERT INTO profiles (tenant, identifier, parent, touches, activity_offset) "
        "VALUES ('main', 'email:a', 'customer_id:c', 0, 5)"
    )
    damage = compare_tables(read_settings(clickhouse=url(address)), lambda: is_settled)
    assert [one.table for one in damage.missing].count("identities") == 1
    assert any("identities lacks 1" in sentence for sentence in damage.sentences())
