"""The cost of an insert for the engine by way of insertion, in CPU milliseconds of this process.

`python -m tests.benchmarks.inserts` prints JSON; `make bench` includes it. Each insert is a block of touches for
`events` and the rollups with its own token, as the store sends it. `streamed` is chDB's own method, which does not
report refusals (docs/decisions/017-inserts-that-raise.md) and serves as a comparison. The ways take turns.
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
from sinks.clickhouse.migrations import known_migrations
from sinks.store.insert import COLUMNS
from tests.sinks.sample_blocks import event_block

DATABASE: Final = "bench"
ROUNDS: Final = {1_000: 30, 10_000: 12}  # inserts of each way, by rows per insert
INTO: Final = f"INSERT INTO incoming ({', '.join(COLUMNS['events'])})"
SETTINGS: Final = {
    "async_insert": "0",
    "insert_deduplicate": "1",
    "deduplicate_blocks_in_dependent_materialized_views": "1",
    "max_partitions_per_insert_block": "0",
}
Insert = Callable[[Database, bytes, dict[str, str]], None]


def _from_file(database: Database, body: bytes, settings: dict[str, str]) -> None:
    sql = f"{INTO} FORMAT MsgPack".encode()
    database.run(EngineCall(sql=sql, data=body, database=DATABASE, settings=settings))


def _unoptimized(database: Database, body: bytes, settings: dict[str, str]) -> None:
    _from_file(database, body, {**settings, "optimize_on_insert": "0"})


def _streamed(database: Database, body: bytes, settings: dict[str, str]) -> None:
    connection: Any = Connection(database._address)
    call = EngineCall(sql=f"{INTO} FORMAT MsgPack".encode(), data=body, database=DATABASE, settings=settings)
    database._prepare(connection, call, {})  # as for any other call
    writing = connection.send_insert(INTO, "MsgPack")
    writing.append(body)
    writing.finish()
    connection.close()


WAYS: Final[dict[str, Insert]] = {
    "streamed": _streamed,
    "from_file": _from_file,
    "from_file_unoptimized": _unoptimized,
}


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
                body = decompress_rows(decode_block(event_block("t", 1, range(first, first + rows)))[1])
                begun_s = process_time()
                WAYS[name](database, body, {**SETTINGS, "insert_deduplication_token": str(first)})
                taken[name].append((process_time() - begun_s) * 1e3)
                first += rows
        for name, times in taken.items():
            found[name][f"ms_per_{rows}_rows"] = round(statistics.median(times), 1)
    stored = int(database.run(EngineCall(sql=b"SELECT count() FROM events", database=DATABASE)).body)
    if stored != first:
        raise AssertionError(f"{first} rows were sent and {stored} are stored")
    database.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(measure(Path(name))))
