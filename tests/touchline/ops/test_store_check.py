"""The thorough check of the store: tables are compared, and what is missing in one is named once."""

from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Address, connect
from touchline.ops.store_check import compare_tables
from touchline.settings import read_settings


def test_a_sound_store_has_no_damage(new_database: Callable[..., Address], url: Callable[..., str]) -> None:
    damage = compare_tables(read_settings(clickhouse=url(new_database())), lambda: True)
    assert (damage.set_aside, damage.missing, damage.busy) == ([], [], False)


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_profile_without_its_identity_is_missing(
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
