"""Who engages, in figures: new and active customers, hot ones, how scores are spread, how identities are joined."""

from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard, TextBoxVariable
from grafana_foundation_sdk.models.dashboard import VariableOption

from deploy.grafana.frame import make_board, tenant
from deploy.grafana.panels import bars, figure, ranking, table
from deploy.grafana.queries import TENANT, SqlQuery, series_query, table_query

# The formula of docs/data-model.md. A rank of -1e300 means none; the greatest exponent keeps the score finite.
_HALF_LIVES: Final = "(toUnixTimestamp64Milli(now64(3)) / (toFloat64(${half_life_days:sqlstring}) * 86400000))"
_SCORE: Final = f"exp2(least(rank_pos - {_HALF_LIVES}, 1000)) - exp2(least(rank_neg - {_HALF_LIVES}, 1000))"
_HOT: Final = "100"


def customers() -> Dashboard:
    """Return the dashboard."""
    now = (
        figure("Customers", "Profiles known, with or without a name.", _count("1")),
        figure("Hot", f"Customers with a score of {_HOT} or more now.", _count(f"{_SCORE} >= {_HOT}")),
        figure("Active", "Customers whose latest touch is in the time range.", _count("$__timeFilter_ms(last_seen)")),
        figure("New", "Customers whose earliest touch is in the time range.", _count("$__timeFilter_ms(first_seen)")),
    )
    over_time = (
        bars("New customers", "By the source of their first touch that has one.", _new(), interval="1h"),
        bars("Identifiers joined", "Identifiers that came to belong to another one.", _joined(), interval="1h"),
    )
    spread = (
        ranking("Scores now", "Customers by score.", _scores()),
        ranking("Channels", "Customers by the number of channels that they use.", _channels()),
        ranking("Identifiers", "Customers by the number of identifiers that are theirs.", _identifiers()),
    )
    states = (
        table("Consents", "Identifiers that agree or have withdrawn, by purpose.", _consents()),
        table("First sources", "New customers by the source of their first touch that has one.", _first_sources()),
    )
    half_life = (
        TextBoxVariable("half_life_days")
        .label("Half-life in days")
        .default_value("7")
        .current(VariableOption(text="7", value="7"))
    )
    sections = (("Now", now), ("Over time", over_time), ("How they differ", spread), ("What is known", states))
    board = make_board("customers", "customers", "Customers in figures, without names.", sections, "now-30d")
    return board.with_variable(tenant()).with_variable(half_life)


def _count(condition: str) -> SqlQuery:
    return table_query(f"""
        SELECT countIf({condition}) AS value
        FROM profiles FINAL
        WHERE {TENANT} AND parent = ''
    """)


def _new() -> SqlQuery:
    return series_query(f"""
        SELECT
            $__timeInterval(first_seen) AS time,
            if(first_source = '', 'no source', first_source) AS source,
            count() AS value
        FROM profiles FINAL
        WHERE {TENANT} AND parent = '' AND $__timeFilter_ms(first_seen)
        GROUP BY time, source
        ORDER BY time, source
    """)


def _joined() -> SqlQuery:
    return series_query(f"""
        SELECT $__timeInterval(since) AS time, why, count() AS value
        FROM identities FINAL
        WHERE {TENANT} AND parent != '' AND $__timeFilter_ms(since)
        GROUP BY time, why
        ORDER BY time, why
    """)


def _scores() -> SqlQuery:
    return table_query(f"""
        SELECT
            multiIf(score >= 100, '100 or more', score >= 30, '30 to 100', score >= 10, '10 to 30', score >= 1,
                '1 to 10', score >= 0, '0 to 1', 'below 0') AS name,
            count() AS value
        FROM (SELECT {_SCORE} AS score FROM profiles FINAL WHERE {TENANT} AND parent = '')
        GROUP BY name
        ORDER BY max(score) DESC
    """)


def _channels() -> SqlQuery:
    return table_query(f"""
        SELECT toString(length(touches_by)) AS name, count() AS value
        FROM profiles FINAL
        WHERE {TENANT} AND parent = ''
        GROUP BY name
        ORDER BY name
    """)


def _identifiers() -> SqlQuery:
    return table_query(f"""
        SELECT if(identifiers >= 5, '5 or more', toString(identifiers)) AS name, count() AS value
        FROM profiles FINAL
        WHERE {TENANT} AND parent = ''
        GROUP BY name
        ORDER BY name
    """)


def _consents() -> SqlQuery:
    return table_query(f"""
        SELECT purpose, contact_channel, countIf(state = 'given') AS given, countIf(state = 'withdrawn') AS withdrawn
        FROM consents
        WHERE {TENANT}
        GROUP BY purpose, contact_channel
        ORDER BY given DESC, purpose, contact_channel
    """)


def _first_sources() -> SqlQuery:
    return table_query(f"""
        SELECT if(first_source = '', 'no source', first_source) AS source, count() AS customers
        FROM profiles FINAL
        WHERE {TENANT} AND parent = '' AND $__timeFilter_ms(first_seen)
        GROUP BY source
        ORDER BY customers DESC, source
        LIMIT 20
    """)
