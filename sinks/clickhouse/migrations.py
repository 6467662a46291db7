"""Migrations: numbered SQL files of idempotent statements, applied in order and recorded with their checksum.

Workers that start together apply the same migrations concurrently, so no statement may remove anything but a view that
nothing reads: a worker that creates it again removes it later. An interrupted migration is applied again from its first
statement. A database of a newer version, or with migrations that differ from
the files, is refused (`IncompatibleSchemaError`).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from schemas.columns import STORE_TABLES
from sinks.clickhouse.client import Client, quote

_NAME: Final = re.compile(r"(\d{3})_([a-z0-9_]+)\.sql")
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


class IncompatibleSchemaError(Exception):
    """The database's migrations are not those of this version; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """The checksum of the text, independent of line endings."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()[:32]

    def statements(self) -> list[str]:
        """Split the text into statements, which end with a semicolon at the end of a line."""
        return [text.strip() for text in re.split(r";[ \t]*\n", self.sql + "\n") if text.strip()]


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """A migration of this version, and whether the database has it."""

    number: int
    name: str
    applied: bool


def known_migrations() -> list[Migration]:
    """Return the migrations of this version, in order."""
    found = []
    for entry in files("sinks").joinpath("migrations").iterdir():
        if match := _NAME.fullmatch(entry.name):
            found.append(Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


def migrate(client: Client, database: str, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Create the database and apply the missing migrations; return the names of those applied.

    `client` may be one without a database. Raises IncompatibleSchemaError, ValueError for the database `default`, and
    the driver's errors.
    """
    if database in ("", "default"):
        raise ValueError("Touchline keeps its tables in a database of its own, not in 'default'")
    client.command(f"CREATE DATABASE IF NOT EXISTS {_quoted(database)}")
    client.database = database
    client.command(_RECORD)
    known = known_migrations() if migrations is None else migrations
    present = _read_applied(client)
    _check_history(known, present, database)
    applied = []
    for migration in known:
        if migration.number not in present:
            _apply(client, migration)
            applied.append(f"{migration.number:03d}_{migration.name}")
    if migrations is None:
        for table in STORE_TABLES:  # for the bisection of a refused insert
            client.command(f"CREATE TABLE IF NOT EXISTS {table}_trial AS {table} ENGINE = Null")
    return applied


def status(client: Client) -> list[MigrationStatus]:
    """Return the state of every migration in the client's database. Raises `IncompatibleSchemaError`."""
    known = known_migrations()
    has_record = bool(client.query("EXISTS TABLE schema_migrations").result_rows[0][0])
    present = _read_applied(client) if has_record else {}
    _check_history(known, present, client.database or "")
    return [MigrationStatus(migration.number, migration.name, migration.number in present) for migration in known]


def _read_applied(client: Client) -> dict[int, tuple[str, str]]:
    rows = client.query("SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number").result_rows
    return {number: (name, checksum) for number, name, checksum in rows}


def _check_history(known: Sequence[Migration], present: dict[int, tuple[str, str]], database: str) -> None:
    known_by_number = {migration.number: migration for migration in known}
    for number, (name, checksum) in present.items():
        if number not in known_by_number:
            raise IncompatibleSchemaError(
                f"database '{database}' has migration {number:03d}_{name}, which this version does not know: "
                "use a Touchline at least as new as the one that created it"
            )
        if known_by_number[number].checksum != checksum:
            raise IncompatibleSchemaError(
                f"migration {number:03d}_{name} was applied to database '{database}' with another text than in "
                "this version: use the version that created the database, or choose a new database"
            )


def _apply(client: Client, migration: Migration) -> None:
    for statement in migration.statements():
        client.command(statement)
    client.command(
        "INSERT INTO schema_migrations (number, name, checksum) VALUES "
        f"({migration.number}, {quote(migration.name)}, {quote(migration.checksum)})"
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
