"""Databases with all tables on the shared engine: a test leaves its database to the next one, emptied.

To create the tables takes the engine half a second, to empty those with rows some milliseconds.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sinks.clickhouse.client import Address, Client, connect_server
from sinks.clickhouse.migrations import migrate

_numbers = itertools.count()

# What a TRUNCATE does not restore: definitions, records of migrations, and what makes a table differ from a new one.
_STATE: Final = """
    SELECT name, create_table_query FROM system.tables WHERE database = '{database}'
    UNION ALL SELECT name, checksum FROM {database}.schema_migrations
    UNION ALL SELECT table, name FROM system.detached_parts WHERE database = '{database}'
    UNION ALL SELECT table, mutation_id FROM system.mutations WHERE database = '{database}'
    UNION ALL SELECT name, 'loaded' FROM system.dictionaries WHERE database = '{database}' AND status != 'NOT_LOADED'
    ORDER BY 1, 2"""
_FILLED: Final = """
    SELECT name FROM system.tables
    WHERE database = '{database}' AND name != 'schema_migrations' AND engine LIKE '%MergeTree' AND total_bytes > 0"""


@dataclass
class Databases:
    """The databases of an engine that no test uses now."""

    address: Address
    _free: list[str] = field(default_factory=list)
    _states: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def lend(self) -> Iterator[Address]:
        """Lend the address of an empty database with all tables until the block ends."""
        client = connect_server(self.address)
        name = self._free.pop() if self._free else self._create(client)
        try:
            yield replace(self.address, database=name)
        finally:
            client.database = None
            if _read(client, _STATE, name) == self._states[name]:
                for (table,) in _read(client, _FILLED, name):
                    client.command(f"TRUNCATE TABLE {name}.{table}")
                self._free.append(name)
            else:
                client.command(f"DROP DATABASE {name}")
            client.close()

    def _create(self, client: Client) -> str:
        name = f"test_{next(_numbers)}"
        migrate(client, name)
        self._states[name] = _read(client, _STATE, name)
        return name


def _read(client: Client, sql: str, database: str) -> Any:
    return client.query(sql.format(database=database)).result_rows
