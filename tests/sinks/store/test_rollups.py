"""Rollups are declared as the migrations make them, and their views count what the declaration says."""

import random

import pytest

from schemas.blocks import compress_rows
from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from sinks.store.insert import insert_frames, insert_touches, plain
from sinks.store.rollups import ROLLUPS, UPTO, counts_of, is_float
from tests.sinks.sample_blocks import make_event

_T0 = 1_700_000_000_000


@pytest.mark.parametrize("name", sorted(ROLLUPS))
def test_the_table_has_that_key_and_those_columns(client: Client, name: str) -> None:
    key = client.query(
        "SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name = {name:String}",
        parameters={"name": name},
    ).result_rows[0][0]
    assert set(ROLLUPS[name].key.split(", ")) == set(key.split(", "))
    columns = {row[0] for row in client.query(f"DESCRIBE TABLE {name}").result_rows}
    assert columns == {*ROLLUPS[name].key.split(", "), *ROLLUPS[name].values.split(", ")}
    assert ROLLUPS[name].values.endswith(UPTO)
    assert is_float("weight")


def test_views_count_what_the_declaration_says(client: Client) -> None:
    """Also former revisions, and touches beyond the window."""
    chance = random.Random(3)
    rows = [
        make_event(
            "t", 1, offset,
            occurred_at=_T0 + chance.randrange(3 * 86_400_000), received_at=_T0 + chance.randrange(3 * 86_400_000),
            channel=chance.choice(["calls", "visits"]), type=chance.choice(["form", "answered"]),
            wait_s=chance.choice([None, 0.0, 19.5, 20.0, 121.0, 3_000.0]), duration_s=chance.choice([None, 12.25]),
            queue=chance.choice(["", "sales"]), lead_source=chance.choice(["", "news"]),
            campaign_name=chance.choice(["", "spring"]), bot=chance.random() < 0.2, weight=chance.randrange(9) / 2,
            beyond_window=chance.random() < 0.1, too_late=chance.random() < 0.1, flags=chance.choice([[], ["past"]]),
            folded_into=chance.choice(["", "anonymous_id:v1", "email:a@example.org"]),
            change=chance.choice([1, 1, 2, -1]),
        )
        for offset in range(500)
    ]  # fmt: skip
    client.command("CREATE TABLE sample AS incoming ENGINE = MergeTree ORDER BY tuple()")
    insert_frames(client, "sample", [compress_rows(rows)], plain(TABLES["events"]))
    insert_touches(client, [compress_rows(rows)], "1")
    for name, of in ROLLUPS.items():
        sums = [f"round(sum({it}), 6)" if is_float(it) else f"toInt64(sum({it}))" for it in of.sums]
        marks = [
            f"uniqCombinedMerge({it})" if "uniq" in mark.function else f"max({it})" for it, mark in of.marks.items()
        ]
        columns = ", ".join((of.key, *sums, *marks, "maxMap(upto)"))
        query = f"SELECT {columns} FROM {{}} GROUP BY {of.key} ORDER BY {of.key}"
        stored = client.query(query.format(name)).result_rows
        assert stored == client.query(query.format(f"({counts_of(name, 'sample')})")).result_rows
        assert len(stored) > 10


@pytest.mark.parametrize(
    ("wait_s", "waited_s"),
    [(None, -1), (0.0, 0), (0.2, 1), (20.0, 20), (20.1, 21), (120.0, 120), (121.0, 130), (1201.0, 1260), (1e7, 86_400)],
)
def test_waits_are_rounded_up(client: Client, wait_s: float | None, waited_s: int) -> None:
    row = make_event("t", 1, 0, channel="calls", type="answered", wait_s=wait_s, duration_s=1.25)
    insert_touches(client, [compress_rows([row])], "1")
    assert client.query("SELECT waited_s, touches, talked_ms FROM calls_by_hour").result_rows == [(waited_s, 1, 1250)]
