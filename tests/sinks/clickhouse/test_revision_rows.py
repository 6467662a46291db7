"""What ClickHouse makes of the rows of a revision: the newest row of a key is kept, and rollups count only that."""

import random

from schemas.blocks import compress_rows
from sinks.clickhouse.client import Client
from sinks.store.insert import insert_touches
from tests.sinks.sample_blocks import make_event

_T0 = 1_700_000_000_000


def test_a_revision_takes_the_former_one_out_of_the_rollups(client: Client) -> None:
    fixed = {"occurred_at": _T0, "event_id": "call", "channel": "calls", "folded_into": "phone:1"}
    first = make_event("t", 1, 0, **fixed, type="missed", device="mobile", bot=True, weight=0.0)
    former = make_event("t", 1, 7, **fixed, type="missed", device="mobile", bot=True, weight=0.0, change=-1)
    revised = make_event("t", 1, 7, **fixed, type="answered", weight=4.0, change=2, revision=3)
    insert_touches(client, [compress_rows([first])], "1")
    insert_touches(client, [compress_rows([former, revised])], "2")
    for table in ("touches_by_minute", "touches_by_hour"):
        query = f"SELECT type, sum(touches), sum(bots), sum(weight) FROM {table} GROUP BY 1 ORDER BY 1"
        for _ in range(2):
            assert client.query(query).result_rows == [("answered", 1, 0, 4.0), ("missed", 0, 0, 0.0)]
            client.command(f"OPTIMIZE TABLE {table} FINAL")
    for _ in range(2):
        found = client.query("SELECT type, revision, change FROM events FINAL").result_rows
        assert found == [("answered", 3, 2)]
        client.command("OPTIMIZE TABLE events FINAL")


def test_of_many_rows_of_a_key_the_one_inserted_last_is_kept(client: Client) -> None:
    """`events` has no version: revisions depend on this, within an insert and over many of them."""
    chance, newest = random.Random(3), dict[str, int]()
    for start in range(0, 20_000, 2_000):
        rows = []
        for offset in range(start, start + 2_000):
            name = f"e{chance.randrange(3_000)}"
            newest[name] = offset
            rows.append(make_event("t", 1, offset, event_id=name, occurred_at=_T0, folded_into="phone:1"))
        insert_touches(client, [compress_rows(rows)], f"from {start}")
    for _ in range(2):
        found = client.query("SELECT event_id, activity_offset FROM events FINAL").result_rows
        assert len(found) == len(newest)
        assert dict(found) == newest
        client.command("OPTIMIZE TABLE events FINAL")
