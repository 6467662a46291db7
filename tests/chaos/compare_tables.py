"""Rows of every table for the comparison: by column name, times as integer ms, days counted from 1970."""

from collections.abc import Iterator
from typing import Any, Final

from schemas.column import MOMENT, MONEY, TIME, Column
from schemas.columns import EVENTS, IDENTITIES, PROFILES, SESSION_PIECES
from sinks.clickhouse.client import Client

Row = dict[str, Any]
_SLICE_ROWS: Final = 20_000
_MONEY: Final = {  # whole ten-thousandths
    MONEY: "toInt64({0} * 10000) AS {0}_",
    "Array(Decimal(18, 4))": "arrayMap(one -> toInt64(one * 10000), {0}) AS {0}_",
}
_WHERE: Final = ("activity_partition", "activity_offset")  # depends on the run


def _columns(columns: tuple[Column, ...]) -> str:
    """Return select expressions whose values are the same with every driver."""
    as_ms = "toUnixTimestamp64Milli({0}) AS {0}_"
    expressions = {TIME: as_ms, MOMENT: as_ms, "Date": "toUInt16({0}) AS {0}_", **_MONEY}
    return ", ".join(expressions.get(one.type, "{0}").format(one.name) for one in columns if one.name not in _WHERE)


_EVENTS: Final = f"""
    SELECT {_columns(EVENTS)} FROM (
        SELECT *, maxIf(activity_offset, change = 2) OVER (
            PARTITION BY tenant, folded_into, occurred_at, event_id, channel, beyond_window) AS newest
        FROM events WHERE cityHash64(event_id, folded_into) % {{n}} = {{i}})
    WHERE activity_offset >= newest
"""
_QUERIES: Final = {
    "page_times": "SELECT tenant, folded_into, page_id, engaged_ms FROM page_times FINAL",
    "profiles": f"SELECT {_columns(PROFILES)} FROM profiles FINAL",
    "identities": f"SELECT {_columns(IDENTITIES)} FROM identities FINAL",
    "members": "SELECT tenant, identifier, profile, depth FROM identity_profiles",
    "children": "SELECT DISTINCT tenant, identifier, parent FROM identity_children FINAL",
    "session_pieces": f"SELECT {_columns(SESSION_PIECES)} FROM session_pieces FINAL",
    "sessions": "SELECT tenant, profile, toUnixTimestamp64Milli(started_at) AS started_at_, "
    "toUnixTimestamp64Milli(ended_at) AS ended_at_, duration_s, touches, landing_page, source, identifiers "
    "FROM sessions",
    "minutes": "SELECT tenant, toUnixTimestamp(minute) * 1000 AS at, channel, type, sum(touches) AS touches, "
    "sum(bots) AS bots, sum(weight) AS weight FROM touches_by_minute GROUP BY ALL",
    "hours": "SELECT tenant, toUnixTimestamp(hour) * 1000 AS at, channel, type, lead_source, referrer_class, device, "
    "country, sum(touches) AS touches, sum(bots) AS bots, sum(weight) AS weight FROM touches_by_hour GROUP BY ALL",
    "days": "SELECT tenant, toUInt16(day) AS day, toUnixTimestamp(hour) * 1000 AS at, channel, type, "
    "sum(touches) AS touches, sum(bots) AS bots, sum(weight) AS weight FROM touches_by_day GROUP BY ALL",
    "campaigns": "SELECT tenant, toUInt16(day) AS at, channel, lead_source, referrer_class, campaign_source, "
    "campaign_medium, campaign_name, campaign, click_id_kind, sum(touches) AS touches, sum(bots) AS bots, "
    "sum(weight) AS weight, sum(forms) AS forms, uniqCombinedMerge(c.people) AS people, "
    "uniqCombinedMerge(c.identified) AS identified FROM campaigns_by_day AS c GROUP BY ALL",
    "calls": "SELECT tenant, toUnixTimestamp(hour) * 1000 AS at, direction, type, queue, agent, waited_s, "
    "sum(touches) AS touches, sum(talked_ms) AS talked_ms FROM calls_by_hour GROUP BY ALL",
    "quality": "SELECT tenant, toUnixTimestamp(hour) * 1000 AS at, channel, source, flagged, sum(touches) AS touches, "
    "sum(bots) AS bots, sum(late) AS late, sum(anonymous) AS anonymous, "
    "sum(q.without_identifier) AS without_identifier, sum(q.beyond) AS beyond, "
    "toUnixTimestamp64Milli(max(q.newest)) AS newest FROM quality_by_hour AS q GROUP BY ALL",
    "quarantine": "SELECT raw_topic, raw_partition, raw_offset, toUnixTimestamp64Milli(received_at) AS received_at_, "
    "reason, detail, hex(original) AS original FROM quarantine FINAL",
}


def read_events(client: Client) -> Iterator[list[Row]]:
    """Yield all rows of `events` in slices, without FINAL: rows that a merge would collapse are two.

    Former revisions are left out: a merge removes them sooner or later.
    """
    count = int(client.query("SELECT count() FROM events").result_rows[0][0])
    slices = 1 + count // _SLICE_ROWS
    for number in range(slices):
        yield _rows(client, _EVENTS.format(n=slices, i=number))


def read_table(client: Client, name: str) -> list[Row]:
    """Return all rows of another table or view."""
    return _rows(client, _QUERIES[name])


def _rows(client: Client, query: str) -> list[Row]:
    found = client.query(query)
    names = [str(name).removesuffix("_") for name in found.column_names]
    return [dict(zip(names, row, strict=True)) for row in found.result_rows]
