"""A page of metrics, and records in the quarantine."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prometheus_client import generate_latest

from sinks.clickhouse.client import Address, Client, connect
from touchline.settings import Settings, read_settings
from touchline.worker.metrics import Metrics


@pytest.fixture
def port() -> Iterator[int]:
    """Serve a worker's metrics: 3 new touches of two channels, 2 duplicates, 40 records in two batches."""
    metrics = Metrics()
    metrics.touches("visits", "new", 1)
    metrics.touches("calls", "new", 2)
    metrics.touches("calls", "duplicate", 2)
    metrics.batch("engage", 10, 0.1)
    metrics.batch("engage", 30, 0.1)
    metrics.gauges["touchline_state_keys"].labels("states").set(11)
    metrics.gauges["touchline_state_keys"].labels("seen").set(9)
    page = generate_latest(metrics.registry)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"WARNING away\nERROR still away" if self.path == "/trouble" else page)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(new_database: Callable[..., Address]) -> Client:
    """Three records in the quarantine: two of visits, one of activity."""
    client = connect(new_database(), "write")
    for topic, offset, reason, text in (
        ("visits", 7, "not_json", "{"),
        ("visits", 9, "no_zone", '{"occurred_at": "2026-01-31T09:30:00"}'),
        ("activity", 3, "unreadable", "?"),
    ):
        client.command(
            "INSERT INTO quarantine (raw_topic, raw_partition, raw_offset, received_at, reason, original) VALUES "
            f"('{topic}', 1, {offset}, fromUnixTimestamp64Milli({1_767_225_600_000 + offset}), '{reason}', '{text}')"
        )
    return client


@pytest.fixture
def settings(kafka: str) -> Settings:
    return read_settings(kafka=kafka)
