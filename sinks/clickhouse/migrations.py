"""The tables' history: numbered SQL files, each statement idempotent, applied in order and recorded with their
checksum.

Workers that start together apply the same ones at the same time: none of them takes anything away.
A migration that was cut short is applied again from its first statement. A database of a newer version, or one whose
migrations were edited afterwards, is refused: `NewerSchema`.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

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
    present = _present(client)
    _check(known, present, database)
    applied = []
    for migration in known:
        if migration.number not in present:
            _apply(client, migration)
            applied.append(f"{migration.number:03d}_{migration.name}")
    return applied


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


def _apply(client: Client, migration: Migration) -> None:
    for statement in migration.statements():
        client.command(statement)
    client.command(
        "INSERT INTO schema_migrations (number, name, checksum) VALUES "
        f"({migration.number}, {quote(migration.name)}, {quote(migration.checksum)})"
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
