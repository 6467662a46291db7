"""Parts that were written while the disk ran full: which of them are damaged, and undoing them.

A merged part that is damaged is given up for the parts it was made of, which the engine keeps for some minutes: the
table is loaded again, and takes them when it cannot read the merged one. A damaged part of an insert is dropped; its
deduplication token goes with it, so that the same INSERT is taken when it is sent again.
"""

from dataclasses import dataclass
from typing import Any

from deploy.engine.access.infile import quoted

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
    """An active part of a table: blocks `first` to `last` of its partition. `derived`: made by a merge or mutation."""

    database: str
    table: str
    name: str
    derived: bool
    partition_id: str
    first: int
    last: int

    @property
    def table_sql(self) -> str:
        return f"{quoted(self.database, '`')}.{quoted(self.table, '`')}"


def damaged_parts(connection: Any, since_s: float) -> list[Part]:
    """Check the active parts written since then (Unix time); return the damaged, derived ones first.

    Raises RuntimeError when the engine cannot tell.
    """
    since = max(0, int(since_s) - 1)  # the engine keeps whole seconds
    parts = [_part(row) for row in _rows(connection, _WRITTEN.format(since=since))]
    return [part for part in parts if not _is_sound(connection, part)]


def drop(connection: Any, part: Part) -> None:
    """Drop a damaged part and its deduplication token. Needs some room. Raises RuntimeError."""
    connection.query(f"ALTER TABLE {part.table_sql} DROP PART {quoted(part.name)}")


def detach_table(connection: Any, part: Part) -> bool:
    """Take the part's table out of the engine, if what the part was merged from is still there; say whether it is."""
    sources = _SOURCES.format(
        database=quoted(part.database), table=quoted(part.table), partition_id=quoted(part.partition_id),
        name=quoted(part.name), first=part.first, last=part.last,
    )  # fmt: skip
    if _rows(connection, sources) != [[str(part.first), str(part.last)]]:
        return False
    connection.query(f"DETACH TABLE {part.table_sql}")
    return True


def attach_table(connection: Any, part: Part) -> None:
    """Bring the table back with the parts that the damaged one was made of. Raises RuntimeError."""
    connection.query(f"ATTACH TABLE {part.table_sql}")


def forget(connection: Any, part: Part) -> None:
    """Delete the damaged part, which the engine has set aside as its table was loaded. Raises RuntimeError."""
    aside = quoted(f"broken-on-start_{part.name}")
    connection.query(f"ALTER TABLE {part.table_sql} DROP DETACHED PART {aside} SETTINGS allow_drop_detached = 1")


def _is_sound(connection: Any, part: Part) -> bool:
    try:
        rows = _rows(connection, f"CHECK TABLE {part.table_sql} PART {quoted(part.name)}")
    except RuntimeError as error:
        if "NO_SUCH_DATA_PART" in str(error):  # merged meanwhile, so it was read
            return True
        raise
    return all(row[1] == "1" for row in rows)


def _part(row: list[str]) -> Part:
    database, table, name, derived, partition_id, first, last = row
    return Part(database, table, name, derived == "1", partition_id, int(first), int(last))


def _rows(connection: Any, sql: str) -> list[list[str]]:
    text: str = connection.query(sql, "TSVRaw").bytes().decode()
    return [line.split("\t") for line in text.split("\n")[:-1]]
