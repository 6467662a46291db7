"""Profiles by the hashes of their identifiers, by which `events` is ordered."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope


class Named(NamedTuple):
    """A profile with the trait `name` that its newest row has, '' without one."""

    identifier: str
    name: str


def names_by_hash(client: Client, scope: Scope, profile_ids: Sequence[int]) -> dict[int, Named]:
    """Return profiles by their hashes; a profile that is not stored yet is left out."""
    if not profile_ids:
        return {}
    found = read(client, "names_by_hash", tenant=scope.tenant, profile_ids=list(profile_ids))
    return {row["profile_id"]: Named(row["identifier"], row["name"]) for row in found}
