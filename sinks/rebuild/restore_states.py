"""Restores `profiles` and `identities` from the identifiers' states, of which Kafka keeps the newest without an end.

A state's row has the offset of the newest record of its identifier, the stored row the offset of the change that it
reports, so their values are compared, not their offsets. The row of an identifier with a parent is written when it gets
the parent and not updated later (streams/engage/overlay.py), so only the parent is compared.
"""

from typing import Final

from schemas.columns import IDENTITIES, PROFILES
from sinks.clickhouse.client import Client
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_rows import insert_missing
from sinks.rebuild.staging import PREFIX
from sinks.store.insert import COLUMNS

_COLUMNS: Final = {"profiles": PROFILES, "identities": IDENTITIES}


def _comparable(name: str, kind: str) -> str:
    """Return the expression for comparing a column: sums may differ in their last bits, maps in their order."""
    if kind.startswith("Map") and "Float64" in kind:
        return f"mapSort(mapApply((k, v) -> (k, round(v, 9)), {name}))"
    if kind.startswith("Map"):
        return f"mapSort({name})"
    return f"round({name}, 9)" if kind == "Float64" else name


def _hash_of(table: str) -> str:
    compared = [one for one in _COLUMNS[table] if one.name not in ("activity_partition", "activity_offset")]
    return "cityHash64(" + ", ".join(f"toString({_comparable(one.name, one.type)})" for one in compared) + ")"


def restore_from_states(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Insert rows of `profiles` or `identities` that are missing or older than the states; return how many.

    An identifier with a newer row that still waits on `timeline` is left to the worker that stores it.
    """
    of_row = _hash_of(table)
    if table == "profiles":
        of_row = f"if(parent = '', {of_row}, 0)"
    rest = f"""FROM {PREFIX}{table}_now
        WHERE (tenant, identifier) NOT IN (SELECT tenant, identifier FROM {PREFIX}{table}_waiting)
        AND (tenant, identifier) IN (
        SELECT tenant, identifier
        FROM (SELECT tenant, identifier, parent AS above, activity_offset AS at, {of_row} AS row_hash
            FROM {PREFIX}{table}_now) AS now
        LEFT JOIN (SELECT tenant, identifier, parent AS stored_above, activity_offset + 1 AS reached,
                {of_row} AS stored_hash
            FROM {table} FINAL) AS stored USING (tenant, identifier)
        WHERE ifNull(reached, 0) = 0 OR (reached <= at + 1 AND (above != stored_above OR row_hash != stored_hash)))"""
    return insert_missing(client, hold, table, ", ".join(COLUMNS[table]), rest, change=change)
