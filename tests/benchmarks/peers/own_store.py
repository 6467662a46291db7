"""Touchline's tables for the peers that carry its fold, filled with large inserts at each checkpoint."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

from schemas.blocks import compress_rows
from sinks.clickhouse.client import connect, connect_server, parse_address
from sinks.clickhouse.migrations import migrate
from sinks.store.insert import insert_frames, insert_touches

_ROOTS: Final = "SELECT sum(touches) FROM profiles FINAL WHERE parent = ''"


class OwnStore:
    """The tables at `http://user:password@host:port/database`, created by Touchline's migrations."""

    def __init__(self, url: str) -> None:
        address = parse_address(url)
        server = connect_server(address)
        migrate(server, address.database)
        server.close()
        self._client = connect(address, "write")
        self._rows: defaultdict[str, list[bytes]] = defaultdict(list)

    def add(self, rows: Mapping[str, Sequence[bytes]]) -> None:
        """Keep rows of some tables for the next checkpoint."""
        for table, some in rows.items():
            self._rows[table] += some

    def flush(self) -> None:
        """Insert what was kept. A row that is inserted again replaces itself, except in the rollups of `events`."""
        for table, rows in self._rows.items():
            frame = compress_rows(rows)
            if table == "events":
                insert_touches(self._client, [frame], uuid4().hex)
            else:
                insert_frames(self._client, table, [frame])
        self._rows.clear()

    def count(self) -> int:
        """Return the number of rows of `events`."""
        return int(self._client.query("SELECT count() FROM events FINAL").result_rows[0][0])

    def count_missing(self) -> int:
        """Return by how many touches the profiles differ from the rows of `events`."""
        return abs(self.count() - int(self._client.query(_ROOTS).result_rows[0][0]))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
