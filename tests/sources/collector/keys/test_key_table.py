"""Entries are found by their key and by nothing else."""

import pytest

from sources.collector.keys.key_format import hash_key, new_key
from sources.collector.keys.key_table import KeyTable
from tests.sources.collector.keys.entries import entry


def test_a_key_finds_its_entry() -> None:
    table, key = KeyTable(), new_key()
    table.put(hash_key(key), entry())
    assert table.find(key) == entry()
    assert table.find(new_key()) is None
    assert table.ready() is None


def test_the_last_entry_of_a_hash_counts() -> None:
    table, key = KeyTable(), new_key()
    table.put(hash_key(key), entry(source="shop"))
    table.put(hash_key(key), entry(source="app"))
    found = table.find(key)
    assert found is not None
    assert found.source == "app"


def test_a_revoked_key_is_not_found_and_stays_listed() -> None:
    table, key = KeyTable(), new_key()
    table.put(hash_key(key), entry())
    table.put(hash_key(key), entry(revoked=True))
    assert table.find(key) is None
    assert table.entries() == {hash_key(key): entry(revoked=True)}


def test_a_removed_entry_is_unknown() -> None:
    table, key = KeyTable(), new_key()
    table.remove(hash_key(key))
    table.put(hash_key(key), entry())
    table.remove(hash_key(key))
    assert table.find(key) is None


@pytest.mark.parametrize("key", ["", "a" * 201, "\ud800", "тл_", hash_key("x").hex()])
def test_texts_that_are_no_key_find_nothing(key: str) -> None:
    table = KeyTable()
    table.put(hash_key("a" * 201), entry())
    table.put(hash_key("x"), entry())
    assert table.find(key) is None
