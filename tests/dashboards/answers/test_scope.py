"""The tenants that have profiles."""

from dashboards.answers.scope import Scope, tenants
from tests.dashboards.conftest import Place


def test_tenants_are_those_of_the_profiles(place: Place) -> None:
    assert tenants(place.reader) == []
    for tenant, identifier in (("main", "email:a"), ("acme", "email:b"), ("main", "email:c")):
        place.writer.command(
            f"INSERT INTO profiles (tenant, identifier, activity_offset) VALUES ('{tenant}', '{identifier}', 1)"
        )
    assert sorted(tenants(place.reader)) == ["acme", "main"]


def test_default_tenant_is_main() -> None:
    assert (Scope().tenant, Scope("acme").tenant) == ("main", "acme")
