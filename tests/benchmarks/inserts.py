"""The cost of an insert for the engine by way of insertion, in CPU milliseconds of this process.

`python -m tests.benchmarks.inserts` prints JSON; `make bench` includes it. Each insert is a block of touches for
`events` and the rollups with its own token. `from_file_unoptimized` is what the store does, and so are the inserts that
are named after the other tables. `streamed` is chDB's own method, which does not report refusals
(docs/decisions/017-inserts-that-raise.md); it and `from_file` serve as a comparison. The ways take turns.
"""

import json
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any, Final

from chdb.state.sqlitelike import Connection

from deploy.engine.database import Database
from deploy.engine.engine_call import EngineCall
from schemas.blocks import decode_block, decompress_rows
from schemas.columns import TABLES
from sinks.clickhouse.migrations import known_migrations
from sinks.store.insert import COLUMNS, encode_header, plain
from tests.sinks.sample_blocks import event_block, make_row

DATABASE: Final = "bench"
ROUNDS: Final = {1_000: 30, 10_000: 12}  # inserts of each way, by rows per insert
FORMAT: Final = "RowBinaryWithNamesAndTypes"
INTO: Final = f"INSERT INTO incoming ({', '.join(COLUMNS['events'])})"
TABLES_OF_KEYS: Final = {"profiles": "identifier", "session_pieces": "folded_into", "identities": "identifier"}
SETTINGS: Final = {
    "async_insert": "0",
    "insert_deduplicate": "1",
    "deduplicate_blocks_in_dependent_materialized_views": "1",
    "max_partitions_per_insert_block": "0",
}
Insert = Callable[[Database, bytes, dict[str, str]], None]


def _from_file(database: Database, body: bytes, settings: dict[str, str], into: str = INTO) -> None:
    sql = f"{into} FORMAT {FORMAT}".encode()
    database.run(EngineCall(sql=sql, data=body, database=DATABASE, settings=settings))


def _unoptimized(database: Database, body: bytes, settings: dict[str, str]) -> None:
    _from_file(database, body, {**settings, "optimize_on_insert": "0"})


def _into(table: str) -> Insert:
    into = f"INSERT INTO {table} ({', '.join(COLUMNS[table])})"
    return lambda database, body, settings: _from_file(database, body, {**settings, "optimize_on_insert": "0"}, into)


def _streamed(database: Database, body: bytes, settings: dict[str, str]) -> None:
    connection: Any = Connection(database._address)
    call = EngineCall(sql=f"{INTO} FORMAT {FORMAT}".encode(), data=body, database=DATABASE, settings=settings)
    database._prepare(connection, call, {})  # as for any other call
    writing = connection.send_insert(INTO, FORMAT)
    writing.append(body)
    writing.finish()
    connection.close()


WAYS: Final[dict[str, Insert]] = {
    "streamed": _streamed,
    "from_file": _from_file,
    "from_file_unoptimized": _unoptimized,
    **{table: _into(table) for table in TABLES_OF_KEYS},
}


def _body(way: str, numbers: range) -> bytes:
    """Return what an insert sends: the header, and a row per number."""
    if key := TABLES_OF_KEYS.get(way):
        columns = list(TABLES[way])
        rows = b"".join(make_row(way, **{key: f"email:{n}@example.org", "activity_offset": n}) for n in numbers)
    else:
        columns = plain(TABLES["events"])
        rows = decompress_rows(decode_block(event_block("t", 1, numbers))[1])
    header = encode_header(tuple(one.name for one in columns), tuple(one.type for one in columns))
    return decompress_rows(header) + rows


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Return the median CPU ms of an insert, by way and number of rows."""
    database = Database(folder / "data")
    database.run(EngineCall(sql=f"CREATE DATABASE {DATABASE}".encode()))
    for migration in known_migrations():
        for statement in migration.statements():
            database.run(EngineCall(sql=statement.encode(), database=DATABASE))
    database.run(EngineCall(sql=b"SYSTEM STOP MERGES"))
    found: dict[str, dict[str, float]] = {name: {} for name in WAYS}
    first = 0
    for rows, rounds in ROUNDS.items():
        taken: dict[str, list[float]] = {name: [] for name in WAYS}
        for turn in range(rounds):
            for name in list(WAYS)[:: 1 if turn % 2 else -1]:
                body = _body(name, range(first, first + rows))
                begun_s = process_time()
                WAYS[name](database, body, {**SETTINGS, "insert_deduplication_token": str(first)})
                taken[name].append((process_time() - begun_s) * 1e3)
                first += rows
        for name, times in taken.items():
            found[name][f"ms_per_{rows}_rows"] = round(statistics.median(times), 1)
    counted = " + ".join(f"(SELECT count() FROM {table})" for table in ("events", *TABLES_OF_KEYS))
    stored = int(database.run(EngineCall(sql=f"SELECT {counted}".encode(), database=DATABASE)).body)
    if stored != first:
        raise AssertionError(f"{first} rows were sent and {stored} are stored")
    database.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(measure(Path(name))))
