"""Rows that one table has and another lacks: a closer check than `sinks.checks.missing_rows`, made on request.

Reads whole key columns and merges versions, so its time grows with the tables. It says something only while nothing is
being stored: with blocks on their way, a table may have what another is about to get.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sinks.checks.missing_rows import Missing, read_standing
from sinks.clickhouse.client import Client

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
        "score_history",
        "profiles' newest hours",
        """SELECT count() FROM profiles FINAL
        WHERE (tenant, identifier, toStartOfHour(toDateTime(last_seen, 'UTC')))
        NOT IN (SELECT tenant, identifier, hour FROM score_history)""",
    ),
    _Relation(
        "session_pieces",
        "touches",
        f"""SELECT greatest(0, toInt64((SELECT count() FROM events FINAL WHERE {_COUNTED} AND NOT (bot OR too_late)))
        - toInt64((SELECT sum(arraySum(touches)) FROM session_pieces FINAL)))""",
    ),
)
_SETTLED: Final = (
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


def find_unrelated(client: Client, is_settled: Callable[[], bool]) -> list[Missing] | None:
    """What a table lacks of what another has; None: blocks were being stored all the time.

    `is_settled`: whether nothing waits before the stages, so that no profile's sum is on its way to another. It is
    asked after the tables were read: if the store's positions have not moved by then, it was so while they were read.
    Raises the driver's errors.
    """
    for _ in range(_TRIES):
        before = read_standing(client)
        found, of_sums = _look(client, _RELATIONS), _look(client, _SETTLED)
        settled = is_settled()
        if before.quiet and read_standing(client) == before:
            return found + of_sums if settled else found
    return None


def _look(client: Client, relations: Sequence[_Relation]) -> list[Missing]:
    counted = [(one, int(client.query(one.query).result_rows[0][0])) for one in relations]
    return [Missing(one.table, count, one.what) for one, count in counted if count]
