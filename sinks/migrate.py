"""The tables' history: numbered SQL files, each statement idempotent, applied in order and recorded with their
checksum.

A migration that was cut short is applied again from its first statement. A database of a newer version, or one whose
migrations were edited afterwards, is refused: `NewerSchema`.

Some drop a table and make it anew, so only one worker migrates at a time. Its turn is a table that only one can make;
the turn of one that died is over when it has done nothing for `_STALE_S`, and the next one takes the next number.
"""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse import Client, quote
from sinks.refusals import code_of

_NAME: Final = re.compile(r"(\d{3})_([a-z0-9_]+)\.sql")
_TABLE_EXISTS: Final = 57
_STALE_S: Final = 10
_POLL_S: Final = 0.2
_log = logging.getLogger(__name__)
_TURNS: Final = """
SELECT
    toUInt32(extract(name, '[0-9]+$')) AS turn,
    toUnixTimestamp(now()) - toUnixTimestamp(metadata_modification_time) AS age_s,
    (SELECT count() FROM system.processes WHERE current_database = currentDatabase() AND query_id != queryID()) AS busy
FROM system.tables
WHERE database = currentDatabase() AND match(name, '^migrating_[0-9]+$')
ORDER BY turn
"""
_RECORD: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations
(
    number     UInt16,
    name       String,
    checksum   String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY number
"""


class NewerSchema(Exception):
    """The database and this version do not belong together; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """Of the text, whatever the line endings."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()[:32]

    def statements(self) -> list[str]:
        """A statement ends with a semicolon at the end of a line."""
        return [text.strip() for text in re.split(r";[ \t]*\n", self.sql + "\n") if text.strip()]


@dataclass(frozen=True, slots=True)
class Applied:
    """What the database says of one migration, or would say."""

    number: int
    name: str
    applied: bool


def known_migrations() -> list[Migration]:
    """Those this version brings, in order."""
    found = []
    for entry in files("sinks").joinpath("migrations").iterdir():
        if match := _NAME.fullmatch(entry.name):
            found.append(Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


def migrate(client: Client, database: str, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Makes the database and applies what is missing; returns the names of what was applied.

    `client` may be one without a database. Raises `NewerSchema`, `ValueError` for the database `default`, and the
    driver's errors.
    """
    if database in ("", "default"):
        raise ValueError("Touchline keeps its tables in a database of its own, not in 'default'")
    client.command(f"CREATE DATABASE IF NOT EXISTS {_quoted(database)}")
    client.database = database
    client.command(_RECORD)
    known = known_migrations() if migrations is None else migrations
    if not _missing(client, known, database):
        return []
    with _turn(client) as still_at_it:
        missing = _missing(client, known, database)  # somebody else may have been first
        for migration in missing:
            _apply(client, migration, still_at_it)
    return [f"{migration.number:03d}_{migration.name}" for migration in missing]


def _missing(client: Client, known: Sequence[Migration], database: str) -> list[Migration]:
    present = _present(client)
    _check(known, present, database)
    return [migration for migration in known if migration.number not in present]


@contextmanager
def _turn(client: Client) -> Iterator[Callable[[], None]]:
    """Waits for its turn; what is entered is to be called now and then, lest the turn be taken for over."""
    turn = _wait_turn(client)
    try:
        yield lambda: client.command(f"ALTER TABLE migrating_{turn} MODIFY COMMENT '{time.time_ns()}'")
    finally:
        for number, _, _ in client.query(_TURNS).result_rows:
            if number <= turn:
                client.command(f"DROP TABLE IF EXISTS migrating_{number}")


def _wait_turn(client: Client) -> int:
    said = False
    while True:
        turns = client.query(_TURNS).result_rows
        last, age_s, busy = turns[-1] if turns else (0, _STALE_S, 0)
        if age_s >= _STALE_S and not busy:
            try:
                client.command(f"CREATE TABLE migrating_{last + 1} (nothing UInt8) ENGINE = Null")
            except ClickHouseError as error:
                if code_of(error) != _TABLE_EXISTS:
                    raise
            else:
                return int(last) + 1
        elif not said:
            _log.warning("Another worker is migrating the database, or died doing so: waiting for it.")
            said = True
        time.sleep(_POLL_S)


def status(client: Client) -> list[Applied]:
    """Every migration this version knows and whether the client's database has it. Raises `NewerSchema`."""
    known = known_migrations()
    has_record = bool(client.query("EXISTS TABLE schema_migrations").result_rows[0][0])
    present = _present(client) if has_record else {}
    _check(known, present, client.database or "")
    return [Applied(migration.number, migration.name, migration.number in present) for migration in known]


def _present(client: Client) -> dict[int, tuple[str, str]]:
    rows = client.query("SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number").result_rows
    return {number: (name, checksum) for number, name, checksum in rows}


def _check(known: Sequence[Migration], present: dict[int, tuple[str, str]], database: str) -> None:
    mine = {migration.number: migration for migration in known}
    for number, (name, checksum) in present.items():
        if number not in mine:
            raise NewerSchema(
                f"database '{database}' has migration {number:03d}_{name}, which this version does not know: "
                "use a Touchline at least as new as the one that made it"
            )
        if mine[number].checksum != checksum:
            raise NewerSchema(
                f"migration {number:03d}_{name} was applied to database '{database}' with another text than this "
                "version has: use the version that made the database, or give a new database"
            )


def _apply(client: Client, migration: Migration, still_at_it: Callable[[], None]) -> None:
    for statement in migration.statements():
        still_at_it()
        client.command(statement)
    client.command(
        "INSERT INTO schema_migrations (number, name, checksum) VALUES "
        f"({migration.number}, {quote(migration.name)}, {quote(migration.checksum)})"
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
