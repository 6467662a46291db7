"""Rows that one table has and another lacks."""

from collections.abc import Callable

import pytest

from sinks.checks.missing_relations import find_missing_relations
from sinks.checks.missing_rows import MissingRows
from sinks.clickhouse.client import Client

IDENTITY = (
    "INSERT INTO identities (tenant, identifier, parent, since, why, conflicts, activity_offset) "
    "VALUES ('main', 'email:a', '{parent}', 0, 'none', [], {offset})"
)
PROFILE = (
    "INSERT INTO profiles (tenant, identifier, parent, touches, activity_offset) "
    "VALUES ('main', 'email:a', '{parent}', {touches}, {offset})"
)


def insert(client: Client, statement: str, parent: str = "", touches: int = 0, offset: int = 5) -> None:
    client.command(statement.format(parent=parent, touches=touches, offset=offset))


def test_tables_that_agree_lack_nothing(client: Client) -> None:
    assert find_missing_relations(client, lambda: True) == []
    insert(client, IDENTITY)
    insert(client, PROFILE)
    assert find_missing_relations(client, lambda: True) == []


@pytest.mark.parametrize(
    ("fill", "missing"),
    [
        (lambda client: insert(client, IDENTITY), MissingRows("profiles", 1, "identifiers")),
        (lambda client: insert(client, PROFILE), MissingRows("identities", 1, "identifiers")),
    ],
    ids=["no profile", "no identity"],
)
def test_a_row_without_its_partner_is_missing(
    client: Client, fill: Callable[[Client], None], missing: MissingRows
) -> None:
    fill(client)
    found = find_missing_relations(client, lambda: True)
    assert found is not None
    assert missing in found


def test_the_table_with_the_older_row_lacks_the_newest(client: Client) -> None:
    insert(client, IDENTITY, parent="customer_id:c", offset=9)
    insert(client, PROFILE, offset=5)
    found = find_missing_relations(client, lambda: True)
    assert found is not None
    assert MissingRows("profiles", 1, "newest rows") in found


def test_sums_are_compared_only_when_nothing_is_on_its_way(client: Client) -> None:
    insert(client, IDENTITY)
    insert(client, PROFILE, touches=3)
    settled, moving = find_missing_relations(client, lambda: True), find_missing_relations(client, lambda: False)
    assert settled is not None
    assert moving is not None
    assert MissingRows("events", 3, "touches") in settled
    assert MissingRows("events", 3, "touches") not in moving
