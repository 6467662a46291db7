"""Rows and blocks for the tests of the store."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from schemas.blocks import BlockHeader, encode_block
from schemas.columns import TABLES
from schemas.row_binary import encode_values
from schemas.row_layouts import LAYOUTS
from sinks.clickhouse.client import Client


def make_row(table: str, **values: object) -> bytes:
    """A row with the given values, the others empty."""
    names = {column.name for column in TABLES[table]}
    assert names >= values.keys(), values.keys() - names
    return encode_values(TABLES[table], [values.get(column.name, column.empty) for column in TABLES[table]])


def make_block(
    table: str, partition: int, first: int, last: int, rows: Sequence[bytes], received_at_ms: int = 0
) -> bytes:
    """The value of a timeline record."""
    header = BlockHeader(table, partition, first, last, len(rows), received_at_ms, LAYOUTS[table])
    return encode_block(header, list(rows))


def make_event(tenant: str, partition: int, offset: int, **values: object) -> bytes:
    """A page view of a customer, one hour before the next."""
    defaults: dict[str, object] = {
        "tenant": tenant,
        "event_id": f"{partition}-{offset}",
        "channel": "visits",
        "type": "page",
        "occurred_at": 1_700_000_000_000 + 3_600_000 * offset,
        "folded_into": f"email:{offset % 3}@example.org",
        "weight": 1.5,
        "lead_source": "news",
        "activity_partition": partition,
        "activity_offset": offset,
    }
    return make_row("events", **{**defaults, **values})


def event_block(tenant: str, partition: int, offsets: Iterable[int]) -> bytes:
    """A block of one event per offset."""
    covered = list(offsets)
    rows = [make_event(tenant, partition, offset) for offset in covered]
    return make_block("events", partition, covered[0], covered[-1], rows)


def profile_block(tenant: str, partition: int, offsets: Sequence[int]) -> bytes:
    """A block of three profiles as of the last offset."""
    rows = [
        make_row(
            "profiles",
            tenant=tenant,
            identifier=f"email:{number}@example.org",
            touches=offsets[-1],
            last_seen=1_700_000_000_000 + 3_600_000 * offsets[-1],
            activity_partition=partition,
            activity_offset=offsets[-1],
        )
        for number in range(3)
    ]
    return make_block("profiles", partition, offsets[0], offsets[-1], rows)


def refuse(client: Client, table: str, condition: str) -> None:
    """Have a table and its trial table take only rows for which a condition holds."""
    client.command(f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK {condition}")
    client.command(f"CREATE OR REPLACE TABLE {table}_trial AS {table} ENGINE = Null")


async def wait_until(condition: Callable[[], object], limit_s: float = 120) -> None:
    """Poll until the condition is true; fail after the time-out."""
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process or thread
            await asyncio.sleep(0.01)
