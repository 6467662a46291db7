"""Parts that were written while the disk ran full: finds the damaged ones and undoes them.

A damaged merged part is replaced by its source parts, which the engine keeps for some minutes: the table is attached
again and loads them if it cannot read the merged one. A damaged part of an insert is dropped together with its
deduplication token, so that the same INSERT is accepted when it is sent again.
"""

from dataclasses import dataclass
from typing import Any

from deploy.engine.access.infile import quote

_WRITTEN = """
    SELECT database, table, name, level > 0 OR data_version > min_block_number, partition_id, min_block_number,
        max_block_number
    FROM system.parts
    WHERE active AND modification_time >= toDateTime({since}) AND database != 'system' ORDER BY level DESC"""
_SOURCES = """
    SELECT min(min_block_number), max(max_block_number) FROM system.parts
    WHERE NOT active AND database = {database} AND table = {table} AND partition_id = {partition_id}
        AND name != {name} AND min_block_number >= {first} AND max_block_number <= {last}"""


@dataclass(frozen=True, slots=True)
class Part:
    """An active part of a table, with blocks `first` to `last` of its partition.

    `derived` means that a merge or a mutation made it.
    """

    database: str
    table: str
    name: str
    derived: bool
    partition_id: str
    first: int
    last: int

    @property
    def table_sql(self) -> str:
        return f"{quote(self.database, '`')}.{quote(self.table, '`')}"


def damaged_parts(connection: Any, since_s: float) -> list[Part]:
    """Check the active parts written since a Unix time; return the damaged ones, derived ones first.

    Raises RuntimeError if the engine cannot check them.
    """
    since = max(0, int(since_s) - 1)  # the engine stores whole seconds
    parts = [_part(row) for row in _rows(connection, _WRITTEN.format(since=since))]
    return [part for part in parts if not _is_sound(connection, part)]


def drop(connection: Any, part: Part) -> None:
    """Drop a damaged part and its deduplication token. Needs some room. Raises RuntimeError."""
    connection.query(f"ALTER TABLE {part.table_sql} DROP PART {quote(part.name)}")


def detach_table(connection: Any, part: Part) -> bool:
    """Detach the part's table if the source parts still exist; return whether they do."""
    sources = _SOURCES.format(
        database=quote(part.database), table=quote(part.table), partition_id=quote(part.partition_id),
        name=quote(part.name), first=part.first, last=part.last,
    )  # fmt: skip
    if _rows(connection, sources) != [[str(part.first), str(part.last)]]:
        return False
    connection.query(f"DETACH TABLE {part.table_sql}")
    return True


def attach_table(connection: Any, part: Part) -> None:
    """Attach the table again, with the source parts of the damaged one. Raises RuntimeError."""
    connection.query(f"ATTACH TABLE {part.table_sql}")


def forget(connection: Any, part: Part) -> None:
    """Delete the damaged part, which the engine detached when it loaded the table. Raises RuntimeError."""
    aside = quote(f"broken-on-start_{part.name}")
    connection.query(f"ALTER TABLE {part.table_sql} DROP DETACHED PART {aside} SETTINGS allow_drop_detached = 1")


def _is_sound(connection: Any, part: Part) -> bool:
    try:
        rows = _rows(connection, f"CHECK TABLE {part.table_sql} PART {quote(part.name)}")
    except RuntimeError as error:
        if "NO_SUCH_DATA_PART" in str(error):  # merged meanwhile, so it was readable
            return True
        raise
    return all(row[1] == "1" for row in rows)


def _part(row: list[str]) -> Part:
    database, table, name, derived, partition_id, first, last = row
    return Part(database, table, name, derived == "1", partition_id, int(first), int(last))


def _rows(connection: Any, sql: str) -> list[list[str]]:
    text: str = connection.query(sql, "TSVRaw").bytes().decode()
    return [line.split("\t") for line in text.split("\n")[:-1]]
