"""The views `companies` and `company_members`: exact in any order and with repeated rows."""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from sinks.clickhouse.client import Client
from sinks.clickhouse.migrations import migrate
from sinks.store.insert import COLUMNS
from tests.sinks.sample_blocks import make_event, make_row

MS = 1_700_000_000_000
MAIL, VISITOR = "email:a@example.org", "anonymous_id:v"
STATEMENTS: list[tuple[str, dict[str, object]]] = [
    (
        "main",
        {
            "group_id": "acme",
            "group_traits": {"name": "Acme Ltd", "plan": "free"},
            "occurred_at": MS,
            "folded_into": MAIL,
        },
    ),
    ("main", {"group_id": "acme", "group_traits": {"plan": "pro"}, "occurred_at": MS + 2, "folded_into": VISITOR}),
    (
        "main",
        {
            "group_id": "acme",
            "group_traits": {"name": "Acme"},
            "occurred_at": MS + 1,
            "folded_into": "email:b@example.org",
        },
    ),
    ("main", {"group_id": "solo", "group_traits": {}, "occurred_at": MS + 3, "folded_into": "email:b@example.org"}),
    ("other", {"group_id": "acme", "group_traits": {"plan": "none"}, "occurred_at": MS, "folded_into": ""}),
    (
        "main",
        {"channel": "calls", "type": "answered", "ids": {"group": "acme"}, "occurred_at": MS + 9, "folded_into": MAIL},
    ),
    ("main", {"channel": "calls", "type": "answered", "occurred_at": MS + 10, "folded_into": MAIL}),
]


@pytest.fixture
def client(engine: Callable[[str], Client]) -> Iterator[Client]:
    database = "test_groups_views"
    migrate(engine(""), database)
    yield engine(database)
    engine("").command(f"DROP DATABASE {database}")


@pytest.mark.parametrize("seed", range(4))
def test_latest_trait_counts_and_members_are_profiles(client: Client, seed: int) -> None:
    identities = [
        make_row("identities", tenant="main", identifier=name, parent=parent)
        for name, parent in ((MAIL, ""), (VISITOR, MAIL), ("email:b@example.org", ""))
    ]
    client.raw_insert("identities", COLUMNS["identities"], b"".join(identities), fmt="RowBinary")
    rows = [
        make_event(tenant, 0, number, **({"channel": "groups", "type": "group"} | one))
        for number, (tenant, one) in enumerate(STATEMENTS)
    ]
    sent = [*rows, *rows[:3]]
    Random(seed).shuffle(sent)
    for part in (sent[:5], sent[5:]):
        client.raw_insert("events", COLUMNS["events"], b"".join(part), fmt="RowBinary")
    companies = client.query("SELECT tenant, group_id, traits FROM companies ORDER BY tenant, group_id").result_rows
    assert companies == [
        ("main", "acme", {"name": "Acme", "plan": "pro"}),
        ("main", "solo", {}),
        ("other", "acme", {"plan": "none"}),
    ]
    members = client.query(
        "SELECT group_id, profile, toUnixTimestamp64Milli(first_seen), toUnixTimestamp64Milli(last_seen), touches "
        "FROM company_members ORDER BY group_id, profile"
    ).result_rows
    assert members == [
        ("acme", MAIL, MS, MS + 9, 3),
        ("acme", "email:b@example.org", MS + 1, MS + 1, 1),
        ("solo", "email:b@example.org", MS + 3, MS + 3, 1),
    ]
