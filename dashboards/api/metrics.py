"""The metrics of one API process for Prometheus."""

from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from dashboards.api.guard import Answered
from dashboards.api.reader.reader import Reader
from dashboards.live.hub import Hub

STREAM: Final = "/v1/live"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Connections:
    """What the server counts of its connections."""

    def __init__(self) -> None:
        self.connections = 0
        self.refused = 0

    def count_refusal(self, reason: object) -> None:
        """Count a connection that was refused, or ended because it exceeded a limit."""
        self.refused += 1


class ApiMetrics:
    """Counts requests, and reads the state of the reader when it is asked. Labels are from closed lists."""

    def __init__(self, reader: Reader, live: Hub | None = None) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Counter("touchline_api_requests", "Requests answered.", ("route", "status"), registry=registry)
        self.seconds = Histogram(
            "touchline_api_request_seconds", "From a request to its answer.", buckets=_SECONDS, registry=registry
        )
        self.running = Gauge("touchline_api_questions_running", "Questions that run.", ("lane",), registry=registry)
        self.waiting = Gauge("touchline_api_questions_waiting", "Questions that wait.", ("lane",), registry=registry)
        self.ended = Gauge(
            "touchline_api_statements_ended", "Statements ended since the start, mostly as clients left.",
            registry=registry,
        )  # fmt: skip
        self.away = Gauge("touchline_api_clickhouse_away", "1 while ClickHouse does not answer.", registry=registry)
        for name, lane in reader.lanes.items():
            self.running.labels(name).set_function(partial(getattr, lane, "running"))
            self.waiting.labels(name).set_function(partial(getattr, lane, "waiting"))
        self.ended.set_function(lambda: reader.connection.killed)
        self.away.set_function(lambda: reader.connection.away_since_ms is not None)
        self.connections = Connections()
        self.open = Gauge("touchline_api_connections", "Open connections.", registry=registry)
        self.open.set_function(lambda: self.connections.connections)
        self.refused = Gauge(
            "touchline_api_connections_refused", "Connections refused since the start.", registry=registry
        )
        self.refused.set_function(lambda: self.connections.refused)
        self.viewers = Gauge("touchline_api_live_viewers", "Open streams of live events.", registry=registry)
        if live is not None:
            self.viewers.set_function(lambda: len(live.viewers))

    def count(self, answered: Answered) -> None:
        """Count an answered request."""
        self.requests.labels(answered.route, str(answered.status)).inc()
        if answered.route != STREAM:  # which lasts as long as its viewer stays
            self.seconds.observe(answered.seconds)
