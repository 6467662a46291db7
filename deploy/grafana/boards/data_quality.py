"""Whether what arrives can be trusted: refused records, flags, touches without an identifier, late and old ones."""

from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import make_board, tenant
from deploy.grafana.panels import bars, figure, lines, ranking, table
from deploy.grafana.queries import TENANT, SqlQuery, series_query, table_query

_IN_RANGE: Final = f"{TENANT} AND $__timeFilter(hour)"
_SHARES: Final = {
    "bots": "sum(bots)",
    "anonymous": "sum(anonymous)",
    "unidentified": "sum(without_identifier)",
    "late": "sum(late)",
}


def data_quality() -> Dashboard:
    """Return the dashboard."""
    share = "sum(without_identifier) / greatest(1, sum(touches))"
    now = (
        figure("Arrived", "Touches by the time of their arrival.", _arrived("sum(touches)")),
        figure("Refused", "Records in the quarantine.", _refused_total()),
        figure("Without identifier", "Share of touches that no customer can have.", _arrived(share), "percentunit"),
        figure("Beyond the window", "Touches so late that they may be repeats.", _arrived("sum(beyond)")),
    )
    over_time = (
        bars("Refused by reason", "By arrival; all tenants, since a refused record may have none.", _refused()),
        lines("Shares", "Of all touches, by arrival.", _shares(), unit="percentunit", interval="1h"),
    )
    details = (
        table("Sources", "What each source sent, and when the newest arrived.", _sources()),
        ranking("Flags", "Touches with a flag: what intake changed or noticed.", _flags(), span=12),
    )
    reasons = (table("Reasons", "Refused records by topic and reason.", _reasons(), span=24),)
    sections = (("Now", now), ("Over time", over_time), ("Details", details), ("Quarantine", reasons))
    board = make_board("data-quality", "data quality", "What arrives, and what is wrong with it.", sections)
    return board.with_variable(tenant())


def _arrived(expression: str) -> SqlQuery:
    return table_query(f"""
        SELECT {expression} AS value
        FROM quality_by_hour
        WHERE {_IN_RANGE}
    """)


def _refused_total() -> SqlQuery:
    return table_query("""
        SELECT count() AS value
        FROM quarantine FINAL
        WHERE NOT sent_again AND $__timeFilter_ms(received_at)
    """)


def _refused() -> SqlQuery:
    return series_query("""
        SELECT $__timeInterval(received_at) AS time, reason, count() AS value
        FROM quarantine FINAL
        WHERE NOT sent_again AND $__timeFilter_ms(received_at)
        GROUP BY time, reason
        ORDER BY time, reason
    """)


def _shares() -> SqlQuery:
    columns = ",\n            ".join(
        f"{count} / greatest(1, sum(touches)) AS `{name}`" for name, count in _SHARES.items()
    )
    return series_query(f"""
        SELECT
            $__timeInterval(hour) AS time,
            {columns}
        FROM quality_by_hour
        WHERE {_IN_RANGE}
        GROUP BY time
        ORDER BY time
    """)


def _sources() -> SqlQuery:
    return table_query(f"""
        SELECT
            channel,
            if(source = '', 'no source', source) AS system,
            sum(touches) AS touches,
            sum(bots) AS bots,
            sum(without_identifier) AS without_identifier,
            toDateTime(max(newest)) AS newest_at
        FROM quality_by_hour
        WHERE {_IN_RANGE}
        GROUP BY channel, system
        HAVING touches > 0
        ORDER BY touches DESC, channel, system
        LIMIT 50
    """)


def _flags() -> SqlQuery:
    return table_query(f"""
        SELECT arrayJoin(splitByChar(' ', flagged)) AS name, sum(touches) AS value
        FROM quality_by_hour
        WHERE {_IN_RANGE} AND flagged != ''
        GROUP BY name
        HAVING value > 0
        ORDER BY value DESC, name
        LIMIT 12
    """)


def _reasons() -> SqlQuery:
    return table_query("""
        SELECT raw_topic AS topic, reason, count() AS records, max(received_at) AS newest_at
        FROM quarantine FINAL
        WHERE NOT sent_again AND $__timeFilter_ms(received_at)
        GROUP BY topic, reason
        ORDER BY records DESC, topic, reason
        LIMIT 50
    """)
