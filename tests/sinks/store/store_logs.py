"""Logs for a store, and the expected content of its tables."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from sinks.clickhouse.client import Client
from sinks.store.retry import Backoff
from sinks.store.stage import Records, Store
from tests.sinks.sample_blocks import event_block, profile_block

_PAUSES = Backoff(lambda: 0.5, first_s=0.01, longest_s=0.05)
_owners = itertools.count()
# Activity partitions 1 and 5 on timeline partition 1; 4 is a replay, 5 is partly one.
_PLAN = [
    ("events", 1, range(5)),
    ("profiles", 1, range(5)),
    ("events", 5, range(10, 14)),
    ("events", 1, range(5, 9)),
    ("events", 1, range(5)),
    ("events", 1, range(7, 12)),
    ("profiles", 1, range(5, 12)),
    ("events", 5, range(14, 16)),
    ("profiles", 5, range(10, 16)),
    ("events", 1, range(12, 20)),
]
_OFFSETS = {1: list(range(20)), 5: list(range(10, 16))}


def _log_of(tenant: str) -> list[tuple[int, bytes]]:
    makers = {"events": event_block, "profiles": profile_block}
    return [(100 + n, makers[table](tenant, part, offsets)) for n, (table, part, offsets) in enumerate(_PLAN)]


def _store(connect: Callable[[], Client], log: Records, name: str, **options: Any) -> Store:
    async def reread(partition: int, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        return [record for record in log if first <= record[0] <= last]

    return Store(connect, reread, log=name, owner=f"owner {next(_owners)}", backoff=_PAUSES, **options)


async def _feed(store: Store, log: Records, start: int, size: int, partition: int = 1) -> None:
    """Store all records from `start` on, `size` at a time."""
    rest = [record for record in log if record[0] >= start]
    async with asyncio.timeout(120):
        for at in range(0, len(rest), size):
            await store.write(rest[at : at + size], partition)


def _assert_exact(client: Client, tenant: str) -> None:
    """Compare raw rows (before any merge), not only the result of FINAL; and the rollups."""
    where = f"WHERE tenant = '{tenant}'"
    rows = client.query(f"SELECT activity_partition, activity_offset FROM events {where} ORDER BY ALL").result_rows
    assert rows == [(partition, offset) for partition in (1, 5) for offset in _OFFSETS[partition]]
    for rollup in ("touches_by_minute", "touches_by_hour", "touches_by_day"):
        sums = client.query(f"SELECT sum(touches), sum(bots), sum(weight) FROM {rollup} {where}").result_rows
        assert sums == [(26, 0, 26 * 1.5)]
    sums = client.query(f"SELECT sum(touches) FROM quality_by_hour {where}").result_rows
    assert sums == [(26,)]
    people = client.query(f"SELECT sum(touches), uniqCombinedMerge(people) FROM campaigns_by_day {where}").result_rows
    assert people == [(26, 3)]
    last = client.query(f"SELECT identifier, touches FROM profiles FINAL {where} ORDER BY ALL").result_rows
    assert last == [(f"email:{n}@example.org", 15) for n in range(3)]
