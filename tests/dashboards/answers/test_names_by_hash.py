"""Profiles by the hashes of their identifiers."""

from dashboards.answers.names_by_hash import names_by_hash
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Client


def test_a_stored_profile_has_its_identifier_and_name(lived: Client) -> None:
    name, hashed = lived.query("SELECT identifier, cityHash64(identifier) FROM profiles LIMIT 1").result_rows[0]
    found = names_by_hash(lived, Scope(), [hashed, 1])
    assert found.keys() == {hashed}
    assert found[hashed].identifier == name
    assert names_by_hash(lived, Scope(), []) == {}
