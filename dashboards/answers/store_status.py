"""The contents and the size of the store."""

from dataclasses import dataclass

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, read, read_one


@dataclass(frozen=True, slots=True)
class Table:
    """A table on disk. `rows` includes versions that are not merged yet."""

    table: Clear
    rows: int
    parts: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """All tables, the largest first. `newest_ms` is the arrival of the newest stored touch; None if there is none.

    `profiles` counts each profile once, however many versions its table has.
    """

    tables: tuple[Table, ...]
    touches: int
    profiles: int
    newest_ms: int | None
    size_bytes: int


def read_store_status(client: Client) -> StoreStatus:
    """Read the status of the client's database, for all tenants."""
    tables = tuple(Table(**row) for row in read(client, "store_tables"))
    newest = read_one(client, "store_newest") or {"touches": 0, "newest_ms": 0}
    people = read_one(client, "store_profiles") or {"profiles": 0}
    return StoreStatus(
        tables=tables,
        profiles=people["profiles"],
        touches=newest["touches"],
        newest_ms=newest["newest_ms"] if newest["touches"] else None,
        size_bytes=sum(table.size_bytes for table in tables),
    )
