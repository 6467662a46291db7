"""How customers are served: calls answered and missed, waiting, mails, messages, tickets, feedback."""

from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import make_board, tenant
from deploy.grafana.panels import bars, figure, lines, ranking, table
from deploy.grafana.queries import TENANT, SqlQuery, series_query, table_query

_INBOUND: Final = f"{TENANT} AND direction = 'inbound' AND $__timeFilter(hour)"
_PROMPT_S: Final = 20  # the service level that telephone systems report: answered within 20 s


def service() -> Dashboard:
    """Return the dashboard."""
    lost = "sumIf(touches, type IN ('missed', 'abandoned')) / greatest(1, sum(touches))"
    prompt = f"sumIf(touches, type = 'answered' AND waited_s BETWEEN 0 AND {_PROMPT_S})"
    timed = "sumIf(touches, type = 'answered' AND waited_s >= 0)"
    calls = (
        figure("Calls from customers", "In the time range.", _calls("sum(touches)")),
        figure("Lost", "Share of calls that were missed or given up.", _calls(lost), "percentunit"),
        figure(
            f"Answered within {_PROMPT_S} s",
            "Share of answered calls whose waiting is known.",
            _calls(f"{prompt} / greatest(1, {timed})"),
            "percentunit",
        ),
        figure(
            "Conversation",
            "Mean length of an answered call.",
            _calls("sumIf(talked_ms, type = 'answered') / greatest(1, sumIf(touches, type = 'answered')) / 1000"),
            "s",
        ),
    )
    over_time = (
        bars("Calls by result", "Calls from customers.", _results(), interval="1h"),
        lines("Waiting", "Median and 90th percentile of answered calls.", _waiting(), unit="s", interval="1h"),
    )
    lists = (
        table("Lines", "Calls from customers by line or group.", _queues()),
        ranking("Feedback", "Mean score in percent of the best, by survey.", _feedback(), unit="percent", span=12),
    )
    written = (
        bars("Written to us", "Mails and messages of customers, tickets opened and replied to.", _written("received")),
        bars("Written by us", "Mails and messages sent, tickets solved.", _written("sent")),
    )
    sections = (
        ("Calls", calls),
        ("Calls over time", over_time),
        ("Lines and feedback", lists),
        ("Mails, messages, tickets", written),
    )
    board = make_board("service", "service", "Calls, mails, messages and tickets.", sections)
    return board.with_variable(tenant())


def _calls(expression: str) -> SqlQuery:
    return table_query(f"""
        SELECT {expression} AS value
        FROM calls_by_hour
        WHERE {_INBOUND}
    """)


def _results() -> SqlQuery:
    return series_query(f"""
        SELECT $__timeInterval(hour) AS time, type, sum(touches) AS value
        FROM calls_by_hour
        WHERE {_INBOUND}
        GROUP BY time, type
        ORDER BY time, type
    """)


def _waiting() -> SqlQuery:
    return series_query(f"""
        SELECT
            time,
            quantileExactWeighted(0.5)(waited_s, calls) AS median,
            quantileExactWeighted(0.9)(waited_s, calls) AS p90
        FROM
        (
            SELECT $__timeInterval(hour) AS time, waited_s, sum(touches) AS calls
            FROM calls_by_hour
            WHERE {_INBOUND} AND type = 'answered' AND waited_s >= 0
            GROUP BY time, waited_s
            HAVING calls > 0
        )
        GROUP BY time
        ORDER BY time
    """)


def _queues() -> SqlQuery:
    return table_query(f"""
        SELECT
            if(queue = '', 'no line', queue) AS line,
            sum(touches) AS calls,
            sumIf(touches, type = 'answered') AS answered,
            sumIf(touches, type = 'missed') AS missed,
            sumIf(touches, type = 'abandoned') AS abandoned
        FROM calls_by_hour
        WHERE {_INBOUND}
        GROUP BY line
        HAVING calls > 0
        ORDER BY calls DESC, line
        LIMIT 20
    """)


def _feedback() -> SqlQuery:
    return table_query(f"""
        SELECT if(survey = '', 'no name', survey) AS name, round(100 * avg(assumeNotNull(score / scale)), 1) AS value
        FROM events FINAL
        WHERE {TENANT} AND channel = 'feedback' AND scale > 0 AND isNotNull(score) AND NOT beyond_window
            AND $__timeFilter_ms(occurred_at)
        GROUP BY name
        ORDER BY value DESC, name
        LIMIT 10
    """)


def _written(direction: str) -> SqlQuery:
    kinds = {
        "received": "('emails', 'received'), ('emails', 'replied'), ('messages', 'received'), "
        "('tickets', 'opened'), ('tickets', 'replied'), ('tickets', 'reopened')",
        "sent": "('emails', 'sent'), ('messages', 'sent'), ('tickets', 'solved')",
    }[direction]
    return series_query(f"""
        SELECT $__timeInterval(minute) AS time, concat(channel, ' ', type) AS kind, sum(touches) AS value
        FROM touches_by_minute
        WHERE {TENANT} AND (channel, type) IN ({kinds}) AND $__timeFilter(minute)
        GROUP BY time, kind
        ORDER BY time, kind
    """)
