"""Detached parts of tables: their rows are on the disk, but no query reads them.

ClickHouse moves a part to the folder `detached` if it cannot read it (a full disk or a crash truncated its files, the
disk is damaged) or if a person detaches it. It then starts and answers as usual, so only `system.detached_parts` shows
the loss. Columns and reasons:
https://clickhouse.com/docs/operations/system-tables/detached_parts
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from sinks.clickhouse.client import Client, quote


class Cause(Enum):
    """Why a part is detached."""

    BROKEN = "ClickHouse could not read it"
    DETACHED = "a person detached it"


# Reasons of detached parts whose rows are also in an active part, or that had none yet.
_HARMLESS: Final = frozenset({"ignored", "clone", "attaching", "deleting", "tmp-fetch"})
_LISTED: Final = """
    SELECT table, name, ifNull(reason, ''), bytes_on_disk, modification_time FROM system.detached_parts
    WHERE database = {database:String} ORDER BY modification_time, table, name"""


@dataclass(frozen=True, slots=True)
class BrokenPart:
    """A detached part. `reason` is ClickHouse's own, empty for a part that a person detached."""

    table: str
    name: str
    reason: str
    size_bytes: int
    since: datetime

    @property
    def cause(self) -> Cause:
        return Cause.BROKEN if self.reason else Cause.DETACHED


def broken_parts(client: Client) -> list[BrokenPart]:
    """Return the detached parts of the client's database whose rows are missing from answers, oldest first.

    Raises the driver's errors. A part that was deleted does not appear here; only its rows are missing.
    """
    rows = client.query(_LISTED, parameters={"database": client.database}).result_rows
    return [BrokenPart(*row) for row in rows if row[2] not in _HARMLESS]


def drop_broken(client: Client, parts: Sequence[BrokenPart]) -> None:
    """Delete detached parts whose rows are stored again. Raises the driver's errors."""
    for part in parts:
        client.command(
            f"ALTER TABLE `{part.table}` DROP DETACHED PART {quote(part.name)} SETTINGS allow_drop_detached = 1"
        )


def describe_broken(parts: Sequence[BrokenPart]) -> str | None:
    """Return one sentence with the detached parts and what to do; None when there are none."""
    if not parts:
        return None
    tables = ", ".join(sorted({part.table for part in parts}))
    size_mb = sum(part.size_bytes for part in parts) / (1 << 20)
    causes = " and ".join(sorted({part.cause.value.replace(" it", " them") for part in parts}))
    since = min(part.since for part in parts)
    return (
        f"ClickHouse has set aside {len(parts)} {'part' if len(parts) == 1 else 'parts'} of {tables} "
        f"({size_mb:.1f} MB, since {since:%Y-%m-%d %H:%M}Z) because {causes}, and their rows are missing: "
        "run `touchline audit` to see which, then `touchline rebuild`"
    )
