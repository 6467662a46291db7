"""Tables of an app without Faust, opened and recovered."""

import asyncio
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.state.recovery import Recovery
from streams.state.table import ChangelogTable
from tests.streams.cluster import read_records

SOURCE = "source"


class App(SimpleNamespace):
    """The part of an app that a table needs, with a real producer and a lease that the test controls."""

    def __init__(self, kafka: str, producer: AIOKafkaProducer) -> None:
        self.lease = True
        super().__init__(
            changelog_tables=[],
            producer=SimpleNamespace(driver=producer),
            consumer=SimpleNamespace(
                thread=SimpleNamespace(lease=SimpleNamespace(is_held=lambda: self.lease), rejoin_pending=False)
            ),
            address=kafka,
            conf=SimpleNamespace(id="test"),
            should_stop=False,
        )
        self.recovery = Recovery(self)


def version_of(value: bytes) -> int:
    return int(value.split(b"@")[1])


async def open_table(app: App, changelog: str, *partitions: int, generation: int = 1, **more: Any) -> ChangelogTable:
    """Return a table with these partitions recovered."""
    app.changelog_tables.clear()
    table = ChangelogTable(app, "table", source=SOURCE, changelog=changelog, **more)
    await give(app, table, *partitions, generation=generation)
    return table


async def give(app: App, table: ChangelogTable, *partitions: int, generation: int) -> None:
    table.assign(set(partitions), generation)
    app.recovery.resume()
    async with asyncio.timeout(20):
        for p in partitions:
            await table.wait_recovered(p)


async def read_last(kafka: str, changelog: str) -> dict[bytes, tuple[bytes | None, Any]]:
    """Return what compaction would leave of a changelog: value and headers of each key's last record."""
    records = sorted(await read_records(kafka, changelog), key=lambda record: record.offset)
    return {record.key: (record.value, record.headers) for record in records}
