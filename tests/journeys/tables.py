"""The contents of the tables of two runs, without the columns that depend on the run."""

from math import isclose
from typing import Any, Final

from sinks.clickhouse.client import Client

RELATIVE: Final = 1e-9  # the same sum in another order
SHOWN: Final = 5

# The place in `activity` and the arrival time depend on the run; for a repeated touch the raw place does, too.
_WHERE: Final = "activity_partition, activity_offset"
_QUERIES: Final = {
    "events": f"SELECT * EXCEPT ({_WHERE}, raw_topic, raw_partition, raw_offset, received_at) FROM events",
    # The sums of an identifier are updated only while it is not part of another profile.
    "profiles": f"SELECT * EXCEPT ({_WHERE}) FROM profiles FINAL WHERE parent = '' ORDER BY tenant, identifier",
    "parents": "SELECT tenant, identifier, parent FROM profiles FINAL ORDER BY tenant, identifier",
    "identities": f"SELECT * EXCEPT ({_WHERE}) FROM identities FINAL ORDER BY tenant, identifier",
    "identity_profiles": "SELECT tenant, profile, identifier, depth FROM identity_profiles ORDER BY ALL",
    "session_pieces": f"SELECT * EXCEPT ({_WHERE}) FROM session_pieces FINAL ORDER BY tenant, folded_into, day",
    "page_times": f"SELECT * EXCEPT ({_WHERE}) FROM page_times FINAL ORDER BY tenant, folded_into, page_id",
    "page_views": "SELECT * FROM page_views ORDER BY tenant, folded_into, event_id, page_id",
    "sessions": "SELECT * FROM sessions ORDER BY tenant, profile, started_at",
    "minutes": "SELECT tenant, minute, channel, type, sum(touches), sum(bots), sum(weight) FROM touches_by_minute "
    "GROUP BY ALL ORDER BY ALL",
    "hours": "SELECT tenant, hour, channel, type, lead_source, referrer_class, device, country, sum(touches) AS n, "
    "sum(bots) AS bots, sum(weight) AS weight FROM touches_by_hour GROUP BY ALL ORDER BY ALL",
    "days": "SELECT tenant, day, hour, channel, type, sum(touches), sum(bots), sum(weight) FROM touches_by_day "
    "GROUP BY ALL ORDER BY ALL",
    "campaigns": "SELECT tenant, day, channel, lead_source, referrer_class, campaign_source, campaign_medium, "
    "campaign_name, campaign, click_id_kind, sum(touches), sum(weight), sum(forms), uniqCombinedMerge(people), "
    "uniqCombinedMerge(identified) FROM campaigns_by_day GROUP BY ALL ORDER BY ALL",
    "calls": "SELECT tenant, hour, direction, type, queue, agent, waited_s, sum(touches), sum(talked_ms) "
    "FROM calls_by_hour GROUP BY ALL ORDER BY ALL",
    "quarantine": "SELECT raw_topic, raw_partition, raw_offset, reason, detail, hex(original) AS original "
    "FROM quarantine FINAL ORDER BY ALL",
}

Tables = dict[str, list[dict[str, Any]]]


def read_tables(client: Client, prefix: str) -> Tables:
    """Return every table in full, with the prefix of the topics removed everywhere."""

    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [plain(one) for one in value]
        return value.replace(prefix, "") if isinstance(value, str) else value

    tables = {}
    for name, query in _QUERIES.items():
        found = client.query(query)
        tables[name] = [dict(zip(found.column_names, plain(row), strict=True)) for row in found.result_rows]
    tables["events"].sort(key=lambda row: (row["channel"], row["event_id"], row["folded_into"]))
    return tables


def differences(one: Tables, other: Tables) -> str:
    """Return the differences, a line each and a few per table; empty if there is none."""
    found = []
    for name in one:
        if len(one[name]) != len(other[name]):
            found.append(f"{name}: {len(one[name])} rows against {len(other[name])}")
        unequal = [_unequal(a, b) for a, b in zip(one[name], other[name], strict=False) if not _same(a, b)]
        found += [f"{name}: {row}" for row in unequal[:SHOWN]]
    return "\n".join(found)


def _unequal(a: dict[str, Any], b: dict[str, Any]) -> str:
    """Return the identifier of a row and the columns that differ."""
    who = " ".join(str(value) for value in list(a.values())[:3])
    return f"{who}: " + ", ".join(f"{name} {a[name]} against {b[name]}" for name in a if not _same(a[name], b[name]))


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return isclose(a, b, rel_tol=RELATIVE, abs_tol=RELATIVE)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(value, b[key]) for key, value in a.items())
    return bool(a == b)
