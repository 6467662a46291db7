"""How the pipeline works: progress, latency, the store, state, collectors. All of it is from Prometheus."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import make_board
from deploy.grafana.panels import Panel, bars, figure, lines
from deploy.grafana.queries import prometheus_query as query


def operations() -> Dashboard:
    """Return the dashboard."""
    sections = (
        ("Now", _now()),
        ("Progress", _progress()),
        ("Store", _store()),
        ("State", _state()),
        ("Collectors", _collectors()),
        ("API", _api()),
    )
    return make_board("operations", "operations", "Workers and collectors.", sections, "now-6h")


def _now() -> tuple[Panel, ...]:
    stored = _quantile(0.99, "touchline_event_to_stored_seconds")
    accepted = 'sum(rate(touchline_touches_total{result="accepted"}[$__rate_interval]))'
    return (
        figure("Waiting", "Records that no stage has finished yet.", query("sum(touchline_lag)")),
        figure("Touches a second", "Accepted by intake.", query(accepted), "cps"),
        figure("Stored after, p99", "From arrival in Kafka to the row in ClickHouse.", query(stored), "s"),
        figure("Store refuses", "Workers whose rows ClickHouse refuses.", query("sum(touchline_store_trouble)")),
    )


def _progress() -> tuple[Panel, ...]:
    lag = query("sum by (stage, topic) (touchline_lag)", "{{stage}} {{topic}}")
    results = query("sum by (result) (rate(touchline_touches_total[$__rate_interval]))", "{{result}}")
    refused = query("sum by (channel, reason) (rate(touchline_rejected_total[$__rate_interval]))")
    batches = [
        query(_quantile(share, "touchline_batch_seconds", "stage"), f"{{{{stage}}}} p{share * 100:g}", ref)
        for share, ref in ((0.5, "A"), (0.99, "B"))
    ]
    return (
        lines("Waiting records", "By stage and topic. Grows while a stage is slower than what arrives.", lag),
        lines("Touches by result", "Of intake and engage.", results, unit="cps"),
        bars("Refused", "Raw records that went to the quarantine.", refused, unit="cps"),
        lines("Batches", "How long a stage takes for a batch, waiting included.", *batches, unit="s"),
    )


def _store() -> tuple[Panel, ...]:
    latencies = [
        query(_quantile(share, "touchline_event_to_stored_seconds"), f"p{share * 100:g}", ref)
        for share, ref in ((0.5, "A"), (0.99, "B"))
    ]
    rows = query("sum by (table) (rate(touchline_stored_rows_total[$__rate_interval]))", "{{table}}")
    again = "sum by (table) (increase(touchline_stored_again_blocks_total[$__rate_interval]))"
    refused = "sum by (table) (increase(touchline_refused_rows_total[$__rate_interval]))"
    trouble = (query(again, "again {{table}}"), query(refused, "refused {{table}}", "B"))
    return (
        lines("Arrival to row", "Of the oldest touch of each block.", *latencies, unit="s"),
        bars("Rows stored", "By table.", rows, unit="cps"),
        lines("Repeated and refused", "Blocks that ClickHouse had already, and rows that it refused.", *trouble),
        lines("Refusing", "1 while ClickHouse does not accept a worker's rows.", query("touchline_store_trouble")),
    )


def _state() -> tuple[Panel, ...]:
    state = query("sum by (table) (touchline_state_bytes)", "{{table}}")
    numbers = (
        query("sum(touchline_state_identifiers)", "identifiers"),
        query("sum(touchline_state_ids)", "event ids", "B"),
    )
    recovery = query("sum by (topic) (touchline_recovery_remaining)", "{{topic}}")
    standbys = query("sum by (table) (touchline_standby_behind)", "{{table}}")
    return (
        lines("State in bytes", "Keys and values, by table.", state, unit="bytes"),
        lines("State in numbers", "Identifiers with state, and event ids remembered.", *numbers),
        lines("Recovery", "Changelog records to be read before partitions are processed.", recovery),
        lines("Standbys", "Changelog records that standbys have not read yet.", standbys),
    )


def _collectors() -> tuple[Panel, ...]:
    requests = query("sum by (status) (rate(touchline_collector_requests_total[$__rate_interval]))", "{{status}}")
    answer = [
        query(_quantile(share, "touchline_collector_request_seconds"), f"p{share * 100:g}", ref)
        for share, ref in ((0.5, "A"), (0.99, "B"))
    ]
    refused = query("sum by (reason) (rate(touchline_collector_refused_total[$__rate_interval]))", "{{reason}}")
    spool = query("max(touchline_collector_spool_oldest_age_seconds)", "oldest")
    touches = query("sum by (channel, result) (rate(touchline_collector_touches_total[$__rate_interval]))")
    connections = query("sum(touchline_collector_connections)", "connections")
    return (
        bars("Requests by status", "Of all collectors.", requests, unit="cps"),
        lines("Answer", "From the head of a request to its answer.", *answer, unit="s"),
        bars("Touches", "Accepted ones are durable.", touches, unit="cps"),
        bars("Requests refused", "By reason.", refused, unit="cps"),
        lines("Spool", "Age of the oldest touches that Kafka does not have yet.", spool, unit="s"),
        lines("Connections", "Open connections.", connections),
    )


def _api() -> tuple[Panel, ...]:
    requests = query("sum by (status) (rate(touchline_api_requests_total[$__rate_interval]))", "{{status}}")
    answer = [
        query(_quantile(share, "touchline_api_request_seconds"), f"p{share * 100:g}", ref)
        for share, ref in ((0.5, "A"), (0.99, "B"))
    ]
    running = query("sum by (lane) (touchline_api_questions_running)", "running, {{lane}}")
    waiting = query("sum by (lane) (touchline_api_questions_waiting)", "waiting, {{lane}}", "B")
    return (
        bars("Requests of the API by status", "499: the client left before its answer.", requests, unit="cps"),
        lines("Answer of the API", "From a request to its answer.", *answer, unit="s"),
        lines("Questions", "Questions to ClickHouse that run, or wait for a place in their lane.", running, waiting),
        lines("ClickHouse away", "1 while ClickHouse does not answer.", query("touchline_api_clickhouse_away")),
    )


def _quantile(share: float, histogram: str, by: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share:g}, sum by ({labels}) (rate({histogram}_bucket[$__rate_interval])))"
