"""Migrations that a second worker applies while the first one inserts: touches are still counted once.

A table that is altered forgets the tokens of its inserts when the engine is killed. That does no harm in `events`,
where a row replaces its copy. Rollups, and the queries of their views, must not be altered.
"""

import signal

from schemas.blocks import compress_rows
from sinks.clickhouse.client import connect
from sinks.clickhouse.migrations import known_migrations
from sinks.store.insert import insert_touches
from tests.sinks.conftest import Server
from tests.sinks.sample_blocks import make_event


def test_touches_count_once_when_the_engine_is_killed_after_a_repeated_migration(server: Server) -> None:
    frames = {
        token: [compress_rows([make_event("t", 1, first + n) for n in range(5)])]
        for token, first in (("before", 0), ("after", 10))
    }
    client = connect(server.address, "write")
    insert_touches(client, frames["before"], "before")
    for migration in known_migrations():
        for statement in migration.statements():
            client.command(statement)
    insert_touches(client, frames["after"], "after")
    server.stop(signal.SIGKILL)
    server.start()
    client = connect(server.address, "write")
    for token, frame in frames.items():
        insert_touches(client, frame, token)
    for count in (
        "count() FROM events FINAL",
        "sum(touches) FROM touches_by_minute",
        "sum(touches) FROM touches_by_hour",
        "sum(touches) FROM touches_by_day",
        "sum(touches) FROM campaigns_by_day",
        "sum(touches) FROM quality_by_hour",
    ):
        assert client.query(f"SELECT {count}").result_rows == [(10,)], count
