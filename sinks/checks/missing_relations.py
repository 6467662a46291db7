"""Rows that one table has and another lacks: a closer check than `sinks.checks.missing_rows`, made on request.

It reads whole key columns and merges versions, so its time grows with the tables. It is conclusive only while nothing
is being stored: during an insert, a table may have rows that another is about to get.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sinks.checks.missing_rows import MissingRows, read_stored_offsets
from sinks.clickhouse.client import Client
from sinks.store.rollups import ROLLUPS

_TRIES: Final = 3


class _Relation(NamedTuple):
    table: str
    what: str
    query: str


_COUNTED: Final = "NOT beyond_window AND folded_into != ''"
_RELATIONS: Final = (
    _Relation(
        "identities",
        "identifiers",
        """SELECT uniqExact(tenant, identifier) FROM profiles
        WHERE (tenant, identifier) NOT IN (SELECT tenant, identifier FROM identities)""",
    ),
    _Relation(
        "profiles",
        "identifiers",
        """SELECT uniqExact(tenant, identifier) FROM identities
        WHERE (tenant, identifier) NOT IN (SELECT tenant, identifier FROM profiles)""",
    ),
    _Relation(
        "identities",
        "newest rows",
        """SELECT count() FROM (SELECT tenant, identifier, parent, activity_offset AS at FROM profiles FINAL) AS p
        INNER JOIN (SELECT tenant, identifier, parent AS above, activity_offset AS since FROM identities FINAL) AS i
        USING (tenant, identifier) WHERE parent != above AND at > since""",
    ),
    _Relation(
        "profiles",
        "newest rows",
        """SELECT count() FROM (SELECT tenant, identifier, parent, activity_offset AS at FROM profiles FINAL) AS p
        INNER JOIN (SELECT tenant, identifier, parent AS above, activity_offset AS since FROM identities FINAL) AS i
        USING (tenant, identifier) WHERE parent != above AND at < since""",
    ),
    _Relation(
        "identity_children",
        "identifiers",
        """SELECT count() FROM identities FINAL WHERE parent != ''
        AND (tenant, parent, identifier) NOT IN (SELECT tenant, parent, identifier FROM identity_children)""",
    ),
    _Relation(
        "calls_by_hour",
        "touches",
        """SELECT greatest(0, toInt64((SELECT count() FROM events FINAL WHERE NOT beyond_window AND channel = 'calls'))
        - toInt64((SELECT sum(touches) FROM calls_by_hour)))""",
    ),
    _Relation(
        "campaigns_by_day",
        "touches",
        f"""SELECT greatest(0, toInt64((SELECT count() FROM events FINAL WHERE {ROLLUPS["campaigns_by_day"].where}))
        - toInt64((SELECT sum(touches) FROM campaigns_by_day)))""",
    ),
    _Relation(
        "session_pieces",
        "touches",
        f"""SELECT greatest(0, toInt64((SELECT count() FROM events FINAL WHERE {_COUNTED} AND NOT (bot OR too_late)))
        - toInt64((SELECT sum(arraySum(touches)) FROM session_pieces FINAL)))""",
    ),
)
_SETTLED_RELATIONS: Final = (
    _Relation(
        "profiles",
        "touches",
        f"""SELECT greatest(0, toInt64((SELECT count() FROM events FINAL WHERE {_COUNTED}))
        - toInt64((SELECT sum(touches) FROM profiles FINAL WHERE parent = '')))""",
    ),
    _Relation(
        "events",
        "touches",
        f"""SELECT greatest(0, toInt64((SELECT sum(touches) FROM profiles FINAL WHERE parent = ''))
        - toInt64((SELECT count() FROM events FINAL WHERE {_COUNTED})))""",
    ),
)


def find_missing_relations(client: Client, is_settled: Callable[[], bool]) -> list[MissingRows] | None:
    """Return what tables lack that others have; None when rows were being stored during all tries.

    `is_settled` returns whether no stage has records waiting, so that no sum of a profile is on its way to another. It
    is called after the tables were read: if the store's positions have not moved by then, it was true meanwhile.
    Raises the driver's errors.
    """
    for _ in range(_TRIES):
        before = read_stored_offsets(client)
        found, of_sums = _compare(client, _RELATIONS), _compare(client, _SETTLED_RELATIONS)
        settled = is_settled()
        if before.is_idle and read_stored_offsets(client) == before:
            return found + of_sums if settled else found
    return None


def _compare(client: Client, relations: Sequence[_Relation]) -> list[MissingRows]:
    counted = [(one, int(client.query(one.query).result_rows[0][0])) for one in relations]
    return [MissingRows(one.table, count, one.what) for one, count in counted if count]
