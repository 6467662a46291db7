"""How much customers engage: touches and points by channel, source, device, country and campaign."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import make_board, tenant
from deploy.grafana.panels import bars, figure, lines, ranking, table
from deploy.grafana.queries import TENANT, SqlQuery, series_query, table_query


def engagement() -> Dashboard:
    """Return the dashboard."""
    now = (
        figure("Touches", "Touches that count, in the time range.", _total("sum(touches)")),
        figure("Points", "Sum of the points that the rules give them, without decay.", _total("sum(weight)")),
        figure("Touches an hour", "On average.", _total("sum(touches) * 3600 / greatest(1, $__toTime - $__fromTime)")),
        figure("Bots", "Share of touches by bots.", _total("sum(bots) / greatest(1, sum(touches))"), "percentunit"),
    )
    over_time = (
        bars("Touches by channel", "Touches that count.", _by_channel("sum(touches)"), interval="1m"),
        lines("Points by channel", "Points when they were given.", _by_channel("sum(weight)"), interval="1m"),
    )
    origins = (
        ranking("Sources", "The ten with most touches: campaign, network or referrer.", _ranked("lead_source")),
        ranking("Countries", "By the address, where a database of countries is set up.", _ranked("country")),
        ranking("Devices", "By the browser's description of itself.", _ranked("device")),
    )
    actions = (
        table("Types", "What happened, by channel.", _types()),
        table("Campaigns", "The twenty with most points. People are estimated, within about 1 %.", _campaigns()),
    )
    sections = (
        ("Now", now),
        ("Over time", over_time),
        ("Where they come from", origins),
        ("What they do, and by which campaign", actions),
    )
    return make_board("engagement", "engagement", "Touches and points of all channels.", sections).with_variable(
        tenant()
    )


def _total(expression: str) -> SqlQuery:
    return table_query(f"""
        SELECT {expression} AS value
        FROM touches_by_minute
        WHERE {TENANT} AND $__timeFilter(minute)
    """)


def _by_channel(expression: str) -> SqlQuery:
    return series_query(f"""
        SELECT $__timeInterval(minute) AS time, channel, {expression} AS value
        FROM touches_by_minute
        WHERE {TENANT} AND $__timeFilter(minute)
        GROUP BY time, channel
        ORDER BY time, channel
    """)


def _ranked(column: str) -> SqlQuery:
    return table_query(f"""
        SELECT if({column} = '', 'unknown', toString({column})) AS name, sum(touches) AS value
        FROM touches_by_hour
        WHERE {TENANT} AND $__timeFilter(hour)
        GROUP BY name
        HAVING value > 0
        ORDER BY value DESC, name
        LIMIT 10
    """)


def _types() -> SqlQuery:
    return table_query(f"""
        SELECT channel, type, sum(touches) AS touches, sum(weight) AS points, sum(bots) AS bots
        FROM touches_by_minute
        WHERE {TENANT} AND $__timeFilter(minute)
        GROUP BY channel, type
        HAVING touches > 0
        ORDER BY touches DESC, channel, type
    """)


def _campaigns() -> SqlQuery:
    return table_query(f"""
        SELECT
            multiIf(campaign_name != '', campaign_name, campaign != '', campaign, lead_source) AS name,
            lead_source AS source,
            sum(touches) AS touches,
            sum(weight) AS points,
            uniqCombinedMerge(people) AS people
        FROM campaigns_by_day
        WHERE {TENANT} AND $__dateFilter(day)
        GROUP BY name, source
        HAVING touches > 0
        ORDER BY points DESC, name, source
        LIMIT 20
    """)
